// Small videos of every container, codec, pixel format, colour tag and kind of timing that ffmpeg writes, by name.
// Each value is what stands between `ffmpeg` and the name of the file; {x} is a file made before.

const source = (size: string, seconds: number, rate: number | string = 25, picture = "testsrc2") =>
  `-f lavfi -i ${picture}=s=${size}:d=${seconds}:r=${rate}`;
const short = source("64x48", 2);
const uneven = source("66x50", 2);
const odd = source("66x51", 1);
const x264 = "-c:v libx264 -preset veryfast -x264-params threads=1";
const x265 = "-c:v libx265 -x265-params log-level=none:pools=1";
const vp9 = "-c:v libvpx-vp9 -cpu-used 8 -deadline realtime";
const h264 = `${short} ${x264} -pix_fmt yuv420p`;

type Files = Record<string, string>;
const each = (values: readonly string[], make: (value: string) => [string, string]): Files =>
  Object.fromEntries(values.map(make));

const containers: Files = {
  ...each("ts m2ts mkv mp4 mov avi flv 3gp m4v nut asf".split(" "), (e) => [`box.${e}`, `${h264} -bf 3`]),
  ...each("mpg vob m2v".split(" "), (e) => [`box.${e}`, `${short} -pix_fmt yuv420p -c:v mpeg2video -bf 2 -g 12`]),
  "box.wmv": `${short} -c:v wmv2`,
  "box-wmv1.wmv": `${short} -c:v wmv1`,
  "box-msmpeg4v3.avi": `${short} -c:v msmpeg4v3`,
  "box-msmpeg4v2.avi": `${short} -c:v msmpeg4v2`,
  "box.h264": `${h264} -bf 3`,
  "box.hevc": `${short} ${x265}`,
  "box.ivf": `${short} -c:v libvpx -pix_fmt yuv420p`,
  "box.y4m": `${short} -pix_fmt yuv420p`,
  "box.mjpeg": `${short} -c:v mjpeg -pix_fmt yuvj420p`,
  "box-fragments.mp4": `${h264} -g 10 -movflags frag_keyframe+empty_moov`,
  "box-faststart.mp4": `${h264} -movflags +faststart`,
  "box-live.webm": `${short} -c:v libvpx -live 1`,
  "box.ogv": `${short} -c:v libtheora -q:v 5`,
  "box-theora.mkv": `${short} -c:v libtheora`,
  "box.apng": `${short} -c:v apng -plays 0`,
  "box.gif": short,
  "box.mxf": `${source("720x576", 0.4)} -c:v mpeg2video -pix_fmt yuv422p`,
};

const h264Formats =
  "yuv420p yuv422p yuv444p yuv420p10le yuv422p10le yuv444p10le yuvj420p yuvj422p yuvj444p gray gray10le";
const ffv1Formats =
  "yuv420p yuv411p yuv410p bgr0 bgra gray gray16le yuva420p rgb48le yuv420p16le yuv440p yuva444p gbrp10le yuv422p16le yuv444p16le";
const rawFormats = "bgr24 rgb555le rgb565le pal8 gray yuyv422 uyvy422 nv12 bgra rgb24 yuv420p monow";
const movCodecs =
  "huffyuv ffvhuff utvideo cinepak qtrle rpza smc svq1 flashsv zmbv snow cfhd png magicyuv v210 r210 msvideo1 mpeg1video ljpeg vc2 bmp tiff targa";

const codecs: Files = {
  ...each(h264Formats.split(" "), (f) => [`h264-${f}.mp4`, `${short} ${x264} -bf 2 -pix_fmt ${f}`]),
  ...each(h264Formats.split(" "), (f) => [`h264-uneven-${f}.mp4`, `${uneven} ${x264} -bf 2 -pix_fmt ${f}`]),
  "h264-rgb.mp4": `${short} -c:v libx264rgb -pix_fmt rgb24`,
  "h264-refresh.mp4": `${short} -c:v libx264 -x264opts intra-refresh=1 -pix_fmt yuv420p`,
  "h264-pyramid.mp4": `${short} -c:v libx264 -x264opts b-pyramid=strict:bframes=8:weightp=2 -pix_fmt yuv420p`,
  ...each("yuv420p yuv422p yuv444p yuv420p10le yuv420p12le gbrp gray yuv444p12le".split(" "), (f) => [
    `hevc-${f}.mkv`,
    `${short} ${x265} -pix_fmt ${f}`,
  ]),
  ...each("yuv420p yuva420p yuv422p yuv444p yuv420p10le gbrp".split(" "), (f) => [
    `vp9-${f}.webm`,
    `${short} ${vp9} -pix_fmt ${f}`,
  ]),
  "vp8-alpha.webm": `${short} -c:v libvpx -pix_fmt yuva420p -auto-alt-ref 0`,
  "vp8-hidden.webm": `${short} -c:v libvpx -auto-alt-ref 1 -lag-in-frames 25`,
  "vp9-hidden.webm": `${short} ${vp9} -auto-alt-ref 1 -lag-in-frames 25`,
  "av1.mkv": `${short} -c:v libaom-av1 -cpu-used 8 -pix_fmt yuv420p`,
  "av1-10.mp4": `${short} -c:v libaom-av1 -cpu-used 8 -pix_fmt yuv420p10le`,
  "mpeg4.mp4": `${short} -c:v mpeg4 -bf 2`,
  "mpeg4.avi": `${short} -c:v mpeg4 -bf 2`,
  "mpeg4-qpel.mov": `${short} -c:v mpeg4 -flags +qpel -bf 2 -pix_fmt yuv420p`,
  "mjpeg.avi": `${short} -c:v mjpeg`,
  "mjpeg-444.mov": `${short} -c:v mjpeg -pix_fmt yuvj444p`,
  "prores.mov": `${short} -c:v prores_ks -profile:v 3`,
  "prores-alpha.mov": `${short} -c:v prores_ks -profile:v 4 -pix_fmt yuva444p10le`,
  "dnxhr.mov": `${source("256x120", 0.5)} -c:v dnxhd -profile:v dnxhr_sq -pix_fmt yuv422p`,
  "h261.mkv": `${source("176x144", 2)} -c:v h261`,
  "h263.mkv": `${source("176x144", 2)} -c:v h263`,
  "dv.avi": `${source("720x576", 0.2)} -pix_fmt yuv420p -c:v dvvideo`,
  ...each(ffv1Formats.split(" "), (f) => [`ffv1-${f}.mkv`, `${short} -c:v ffv1 -pix_fmt ${f}`]),
  ...each(ffv1Formats.split(" "), (f) => [`ffv1-odd-${f}.mkv`, `${odd} -c:v ffv1 -pix_fmt ${f}`]),
  ...each(rawFormats.split(" "), (f) => [`raw-${f}.avi`, `${short} -c:v rawvideo -pix_fmt ${f}`]),
  ...each(rawFormats.split(" "), (f) => [`raw-odd-${f}.nut`, `${odd} -c:v rawvideo -pix_fmt ${f}`]),
  ...each(movCodecs.split(" "), (c) => [`codec-${c}.mov`, `${short} -strict -2 -c:v ${c}`]),
};

const matrices = "bt709 fcc bt470bg smpte170m smpte240m bt2020nc bt2020c ycgco rgb".split(" ");
const colours: Files = {
  ...each(matrices, (m) => [`matrix-${m}.mp4`, `${short} ${x264} -pix_fmt yuv444p -colorspace ${m}`]),
  ...each(matrices, (m) => [`matrix-${m}-420.mkv`, `${h264} -colorspace ${m}`]),
  ...each(matrices, (m) => [
    `matrix-${m}-10.mkv`,
    `${short} ${x264} -pix_fmt yuv420p10le -colorspace ${m} -color_range pc`,
  ]),
  ...each("bt2020 smpte432 film smpte431 ebu3213".split(" "), (p) => [
    `primaries-${p}.mp4`,
    `${h264} -color_primaries ${p}`,
  ]),
  ...each("smpte2084 arib-std-b67 linear log100 gamma22 gamma28 iec61966-2-1 bt1361e".split(" "), (t) => [
    `transfer-${t}.mp4`,
    `${h264} -color_trc ${t}`,
  ]),
  ...each("288 576 720 1080".split(" "), (h) => [
    `height-${h}.mp4`,
    `${source(`128x${h}`, 0.5, 10)} ${x264} -pix_fmt yuv420p`,
  ]),
  "full-range-vp9.webm": `${short} ${vp9} -color_range pc -pix_fmt yuv420p`,
  "full-range-mpeg2.ts": `${short} -c:v mpeg2video -colorspace bt709 -color_range pc`,
};

const fields: Files = {
  "bottom-first.mkv": `${short} -vf interlace=scan=bff -c:v libx264 -x264opts bff=1 -pix_fmt yuv420p`,
  "interlaced-422.mov": `${short} -vf interlace -c:v libx264 -x264opts tff=1 -pix_fmt yuv422p`,
  "interlaced-10.mkv": `${short} -vf interlace -c:v libx264 -x264opts tff=1 -pix_fmt yuv420p10le`,
  "interlaced-prores.mov": `${short} -vf interlace -flags +ildct -c:v prores_ks`,
  "interlaced-mpeg2.ts": `${short} -vf interlace -flags +ilme+ildct -c:v mpeg2video -pix_fmt yuv420p`,
  "telecine.mpg": `${source("64x48", 2, "24000/1001")} -vf telecine -c:v mpeg2video -flags +ilme+ildct -pix_fmt yuv420p`,
};

const jitter = `-vf setpts='if(gt(N,20),N*2,N)/25/TB+random(0)*0.01/TB' -fps_mode vfr`;
const times: Files = {};
for (const e of ["mp4", "mkv", "mov", "ts", "flv", "webm"]) {
  const to = e === "webm" ? "-c:v libvpx -pix_fmt yuv420p" : `${x264} -pix_fmt yuv420p`;
  Object.assign(times, {
    [`uneven-times.${e}`]: `${short} ${jitter} ${to}`,
    [`late.${e}`]: `${short} ${to} -output_ts_offset 100`,
    [`negative.${e}`]: `${short} ${to} -output_ts_offset -0.5 -avoid_negative_ts disabled`,
    [`one-frame.${e}`]: `${short} -frames:v 1 ${to}`,
    [`two-frames.${e}`]: `${short} -frames:v 2 ${to}`,
    [`slow.${e}`]: `${source("64x48", 40, "1/4")} ${to}`,
    [`ntsc.${e}`]: `${source("64x48", 2, "30000/1001")} ${to}`,
  });
}
Object.assign(times, {
  "edit-list.mp4": "-ss 0.5 -i {box.mp4} -t 0.7 -c copy",
  "edit-list.mov": "-ss 0.33 -i {box.mp4} -t 1 -c copy",
  "starts-empty.mp4": "-itsoffset 1.5 -i {box.mp4} -f lavfi -i sine=d=2 -map 0 -map 1 -c:v copy -c:a aac",
  "wrap.ts": `${h264} -output_ts_offset 95442.5`,
  "open.mkv": `${source("64x48", 3)} -c:v libx264 -x264opts open-gop=1:keyint=20:bframes=3 -pix_fmt yuv420p`,
  "open-hevc.mkv": `${source("64x48", 3)} -c:v libx265 -x265-params open-gop=1:keyint=20:log-level=none`,
});
for (const e of ["ts", "mkv", "mp4", "mov"]) {
  times[`open-cut.${e}`] = "-ss 1.02 -i {open.mkv} -c copy";
  times[`open-hevc-cut.${e}`] = "-ss 1.02 -i {open-hevc.mkv} -c copy";
}

const two = `${short} ${source("96x64", 2)} -map 0 -map 1 ${x264} -pix_fmt yuv420p`;
const shapes: Files = {
  "aspect.mp4": `${short} -vf setsar=4/3 ${x264} -pix_fmt yuv420p`,
  "cropped.mp4": `${source("70x54", 1)} ${x264} -pix_fmt yuv420p`,
  "odd.mkv": `${source("65x49", 1)} ${vp9} -pix_fmt yuv420p`,
  "three-pixels.mkv": `${source("3x3", 1)} -c:v ffv1 -pix_fmt yuv420p`,
  "two-pixels.mkv": `-f lavfi -i color=red:s=2x2:d=1:r=25 -c:v ffv1 -pix_fmt yuv420p`,
  ...each("mkv mp4 ts avi".split(" "), (e) => [`two-streams.${e}`, two]),
  "two-streams-second.mkv": `${two} -disposition:v:0 0 -disposition:v:1 default`,
  "subtitles-and-sound.mkv": `-i {box.mp4} -f lavfi -i sine=d=2 -map 1 -map 0 -c:v copy`,
  "timecode.mov": "-i {box.mp4} -c copy -timecode 01:00:00:00",
};

/** Files by name. */
export const mediaFiles: Files = { ...containers, ...codecs, ...colours, ...fields, ...times, ...shapes };

/** Files that no ffmpeg reads whole by its command line, and why. */
export const notForCli: Record<string, string> = {
  "negative.flv": "the command line drops what lies before a jump of the times",
};

/** Files that hold no picture: both readers refuse them. */
export const empty: readonly string[] = ["open-cut.ts"]; // its first packet with parameter sets was cut off, and no later one repeats them

/** Mean levels, of 255, by which frames may differ from the command line's. */
export const levels: Record<string, number> = {
  "ffv1-yuv410p.mkv": 2, // 4:1:0, whose chroma two versions of swscale place differently
  "ffv1-odd-yuv410p.mkv": 2.5,
  "codec-svq1.mov": 2,
};

/** Turns that a file asks for; other than whole quarters, none is made, as by decord. 4:2:2 is compared with decord elsewhere. */
export const rotations = [90, 180, 270, -90, 45, 1].flatMap((degrees) =>
  ["box.mp4", "h264-uneven-yuvj420p.mp4", "h264-yuv420p10le.mp4", "h264-yuv444p.mp4"].map((of) => ({ of, degrees })),
);
