import { percent, renderTable } from "@videor1/cli";
import type { Count, Description } from "@videor1/curation";
import type { InspectResult } from "./inspect-result.ts";

/** What a data set consists of, for a reader: tables. */
export function inspectText({ sets, differences, page }: InspectResult): string {
  const parts = sets.flatMap(({ files, records, invalid, description, media }) => [
    `${files.join(", ")}: ${records} records${invalid > 0 ? `, ${invalid} of which break the record rules and are not counted below` : ""}`,
    ...tablesOf(description),
    ...(media ? [mediaText(media)] : []),
  ]);
  const compared = differences && [
    renderTable(
      ["", "", "first", "second", "first %", "second %"],
      differences.map(({ part, name, first, second, firstShare, secondShare }) => [
        part,
        name || "(no source)",
        String(first),
        String(second),
        firstShare === undefined ? "" : percent(firstShare),
        secondShare === undefined ? "" : percent(secondShare),
      ]),
      { left: [0, 1] },
    ),
  ];
  return [...parts, ...(compared ?? []), ...(page ? [`The page is ${page}`] : [])].join("\n\n");
}

function tablesOf({
  records,
  types,
  modalities,
  buckets,
  options,
  letters,
  lengths,
  media,
  doubled,
}: Description): string[] {
  const sum = (counts: readonly Count[]) => counts.reduce((total, own) => total + own.records, 0);
  const counted = (name: string, counts: readonly Count[], all = records) =>
    counts.length === 0
      ? []
      : [
          renderTable(
            [name, "records", "%"],
            counts.map((own) => [own.name || "(none)", String(own.records), percent(own.records / all)]),
          ),
        ];
  const sources = buckets.flatMap(({ name, records: own, sources }) => [
    [name, "", String(own), percent(own / records)],
    ...sources.map((source) => [
      "",
      source.name || "(no source)",
      String(source.records),
      percent(source.records / records),
    ]),
  ]);
  const spread = Object.entries(lengths).flatMap(([name, own]) =>
    own === undefined
      ? []
      : [
          [
            name,
            ...[own.min, own.median, own.mean, own.p90, own.p99, own.max].map((value) =>
              String(Number(value.toFixed(1))),
            ),
          ],
        ],
  );
  return [
    ...counted("type", types),
    ...counted("modality", modalities),
    renderTable(["bucket", "source", "records", "%"], sources, { left: [0, 1] }),
    ...counted("options", options, sum(options)),
    ...counted("right letter", letters, sum(letters)),
    renderTable(["length", "min", "median", "mean", "90%", "99%", "max"], spread),
    `${media.different} different media, of which one is in ${media.mostRecords} records; ${media.several} records have several. ` +
      `${doubled.ids} records have an id, and ${doubled.questions} a question, media and gold, that an earlier one has.`,
  ];
}

function mediaText({
  read,
  failed,
  seconds,
  kinds,
  spreads,
}: NonNullable<InspectResult["sets"][number]["media"]>): string {
  const table = renderTable(
    ["of the media read", "min", "median", "mean", "90%", "max"],
    Object.entries(spreads).flatMap(([name, own]) =>
      own === undefined
        ? []
        : [
            [
              name,
              ...[own.min, own.median, own.mean, own.p90, own.max].map((value) => String(Number(value.toFixed(2)))),
            ],
          ],
    ),
  );
  const failures = failed.map(({ path, reason }) => `  ${path}: ${reason}`);
  const sorts = kinds.map(({ name, records }) => `${records} ${name}`).join(", ");
  return [
    `${read} media read, ${(read / Math.max(seconds, 1e-3)).toFixed(1)} files a second: ${sorts}; ${failed.length} cannot be read`,
    ...failures.slice(0, 5),
    table,
  ].join("\n");
}
