import { describe, expect, test } from "vitest";
import { goldenBenchmark, goldenJson } from "../test/golden.ts";
import { benchmarks } from "./benchmarks.ts";
import { countBy, countDifferences, type ExpectedCounts } from "./expected-counts.ts";
import { itemsOf } from "./items-of.ts";

type Counts = Record<string, number>;
const golden = goldenJson("counts.json") as unknown as {
  vsibench: { origin: string; total: number; clips: number; number: Counts; choice: Counts; reportedTasks: string[] };
  videommmu: {
    total: number;
    videos: number;
    tracks: Record<string, { total: number; bySubject: Counts }>;
  };
  mmvu: { total: number; videos: number; types: Counts; subjects: Counts };
  mvbench: { total: number; perTask: number; tasks: string[] };
  tempcompass: { total: number; videos: number; tasks: Record<string, Counts> };
  videomme: {
    total: number;
    videos: number;
    perDuration: Counts;
    domains: string[];
    subCategories: string[];
    taskTypes: string[];
  };
  longvideobench: { validation: number; durationGroups: number[]; questionCategories: string[] };
  egoschema: { subset: number; subsetGold: Counts };
  videoholmes: { test: number; testFilms: number; types: string[] };
  pope: { total: number; perCategory: number; yesPerCategory: number; noPerCategory: number };
  mathvista: { testmini: number; languages: Counts; tasks: Counts; categories: Counts; grades: Counts };
};

const expectedOf = (name: keyof typeof benchmarks): ExpectedCounts => benchmarks[name].expected!;

describe("what a release holds is as counted or stated", () => {
  test("VSI-Bench: items, clips, tasks", () => {
    const { total, clips, number, choice, reportedTasks } = golden.vsibench;
    const { expected, headline } = benchmarks["vsi-bench"];
    expect(expected).toMatchObject({ total, media: clips, groups: { task: { ...number, ...choice } } });
    const merged = new Map(
      Object.entries(headline.merged!).flatMap(([name, levels]) => levels.map((level) => [level, name])),
    );
    const reported = Object.keys(expected!.groups.task!).map((task) => merged.get(task) ?? task);
    expect([...new Set(reported)].sort()).toEqual([...reportedTasks].sort());
  });

  test("VideoMMMU: tracks, and every subject as often in each", () => {
    const { total, videos, tracks } = golden.videommmu;
    const { groups, ...rest } = expectedOf("video-mmmu");
    expect(rest).toEqual({ total, media: videos, origin: "counted" });
    for (const [track, { total: ofTrack, bySubject }] of Object.entries(tracks)) {
      expect(groups.task![track]).toBe(ofTrack);
      for (const [subject, count] of Object.entries(bySubject)) expect(groups.subject![subject]).toBe(3 * count);
    }
  });

  test("the other four of the paper", () => {
    const { mmvu, mvbench, tempcompass, videomme } = golden;
    expect(expectedOf("mmvu")).toMatchObject({
      total: mmvu.total,
      media: mmvu.videos,
      groups: { task: mmvu.types, subject: mmvu.subjects },
    });
    const perTask = Object.fromEntries(mvbench.tasks.map((task) => [task, mvbench.perTask]));
    expect(expectedOf("mvbench")).toEqual({ total: mvbench.total, groups: { task: perTask }, origin: "stated" });
    const { total, media, groups } = expectedOf("tempcompass");
    expect({ total, media }).toEqual({ total: tempcompass.total, media: tempcompass.videos });
    for (const [task, { total: ofTask, ...byAspect }] of Object.entries(tempcompass.tasks)) {
      expect(groups.task![task]).toBe(ofTask);
      for (const [aspect, count] of Object.entries(byAspect))
        expect(groups["task/aspect"]![`${task}/${aspect}`]).toBe(count);
    }
    const mme = expectedOf("video-mme");
    expect(mme).toMatchObject({
      total: videomme.total,
      media: videomme.videos,
      groups: { duration: videomme.perDuration },
    });
    expect(Object.keys(mme.groups.domain!)).toEqual(videomme.domains);
    expect(Object.keys(mme.groups.subCategory!)).toEqual(videomme.subCategories);
    expect(Object.keys(mme.groups.task!)).toEqual(videomme.taskTypes);
  });

  test("the five others", () => {
    const { longvideobench, egoschema, videoholmes, pope, mathvista } = golden;
    const long = expectedOf("longvideobench");
    expect(long.total).toBe(longvideobench.validation);
    expect(Object.keys(long.groups.task!)).toEqual(longvideobench.questionCategories);
    expect(Object.keys(long.groups.duration!)).toEqual(longvideobench.durationGroups.map(String));
    const golds = Object.entries(egoschema.subsetGold).map(([index, count]) => ["ABCDE"[Number(index)], count]);
    expect(expectedOf("egoschema")).toMatchObject({
      total: egoschema.subset,
      groups: { gold: Object.fromEntries(golds) },
    });
    expect(expectedOf("video-holmes")).toMatchObject({ total: videoholmes.test, media: videoholmes.testFilms });
    expect(Object.keys(expectedOf("video-holmes").groups.task!)).toEqual(videoholmes.types);
    expect(expectedOf("pope").total).toBe(pope.total);
    expect(new Set(Object.values(expectedOf("pope").groups.task!))).toEqual(new Set([pope.perCategory]));
    for (const [group, count] of Object.entries(expectedOf("pope").groups["task/gold"]!))
      expect(count).toBe(group.endsWith("yes") ? pope.yesPerCategory : pope.noPerCategory);
    const { testmini: total, languages: language, tasks: task, categories: category, grades: grade } = mathvista;
    expect(expectedOf("mathvista")).toMatchObject({ total, groups: { language, task, category, grade } });
  });
});

describe("differences", () => {
  const items = itemsOf("tempcompass", goldenBenchmark("tempcompass").files);
  const exact: ExpectedCounts = {
    total: items.length,
    groups: { task: Object.fromEntries(countBy(items, "task")) },
    origin: "counted",
  };

  test("none where counts are as expected; a group whose number no source states must be there", () => {
    expect(countDifferences(exact, items)).toEqual([]);
    const named = {
      ...exact,
      groups: { aspect: { action: null, direction: null, speed: null, order: null, attribute_change: null } },
    };
    expect(countDifferences(named, items)).toEqual([]);
    expect(countDifferences({ ...named, groups: { aspect: { ...named.groups.aspect, taste: null } } }, items)).toEqual([
      { what: "aspect taste", expected: null, found: 0 },
    ]);
  });

  test("a group that is unknown, and joined dimensions", () => {
    const { captioning, ...others } = exact.groups.task!;
    expect(countDifferences({ ...exact, groups: { task: others } }, items)).toEqual([
      { what: "task captioning", expected: 0, found: captioning },
    ]);
    const joined = {
      ...exact,
      groups: { "task/aspect": { ...Object.fromEntries(countBy(items, "task/aspect")), "yes_no/speed": 7 } },
    };
    expect(countDifferences(joined, items)).toMatchObject([{ what: "task/aspect yes_no/speed", expected: 7 }]);
  });

  test("of some tasks, only theirs are compared", () => {
    const some = items.filter(({ groups }) => groups.task === "yes_no");
    expect(countDifferences(exact, some, ["yes_no"])).toEqual([]);
    expect(countDifferences(exact, some.slice(1), ["yes_no"])).toHaveLength(1);
  });
});
