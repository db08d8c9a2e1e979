import { MicrophoneError } from "./microphone.js";

const listening = { hearing: "She cannot hear yet", speaking: "She cannot speak yet" };

/** The notice for a call that could not begin or go on. */
export function callProblem(error, retry) {
  if (error instanceof MicrophoneError) return microphoneProblem(error, retry);
  return {
    title: "The call could not be held", text: `${error.message} Writing may still work.`,
    commands: error.command ? [error.command] : [], actions: [{ label: "Try again", act: retry }],
  };
}

function microphoneProblem({ reason, message }, retry) {
  const again = [{ label: "Try again", act: retry }];
  switch (reason) {
    case "insecure":
      return insecureProblem();
    case "denied":
      return {
        title: "The microphone is not allowed",
        text: "Allow it for this page: press the sign to the left of the address, then try again. You can also write.",
        actions: again,
      };
    case "missing":
      return { title: "No microphone was found", text: "Plug one in, then try again. You can also write.", actions: again };
    default:
      return { title: "The microphone is busy", text: `${message} Another program may be using it.`, actions: again };
  }
}

/** The notice for a page that the browser does not trust with a microphone. */
export function insecureProblem() {
  return {
    title: "To talk, open this page securely",
    text: "Browsers give a microphone only to https pages and to this machine itself. You can write meanwhile. Start the "
      + "server with TLS and open its https address, or on the same machine:",
    commands: [`http://localhost:${location.port || 80}/`],
    isProblem: false,
  };
}

/** The notice for parts of the voice that are not installed; null where all are there. */
export function missingParts({ hearing = true, speaking = true, missing = [] } = {}, check) {
  if (hearing && speaking) return null;
  const title = !hearing && !speaking ? "She can write, but not hear or speak yet"
    : !hearing ? listening.hearing : listening.speaking;
  const parts = missing.map(({ part }) => part).filter(Boolean).join(", ");
  const commands = [...new Set(missing.map(({ command }) => command).filter(Boolean))];
  return {
    title, commands, isProblem: false, actions: [{ label: "Check again", act: check }],
    text: `${parts ? `Missing: ${parts}. ` : ""}${commands.length > 0 ? "Run this where the server runs:" : ""}`,
  };
}

/** The notice for a microphone that gives nothing but zeroes. */
export const deadMicrophone = {
  title: "No sound comes from the microphone", isProblem: false,
  text: "It may be muted, or another one may be chosen in the browser's settings for this page.",
};
