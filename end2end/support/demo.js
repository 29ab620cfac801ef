// The demo as a newcomer starts it.
import { settings, start, temporaryFolder } from './program.js';

export async function startDemo() {
  const folder = temporaryFolder();
  const demo = await start(['demo'], settings(folder), folder);
  const address = (label) => demo.lines.map((line) => new RegExp(`${label} +(http\\S+)`).exec(line)).find(Boolean)[1];
  return {
    merchant: address("The merchant's own page"),
    portal: address('The portal by itself'),
    stop: demo.stop,
  };
}
