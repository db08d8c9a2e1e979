/** Why there is no microphone: `reason` is "insecure", "denied", "missing" or "busy". */
export class MicrophoneError extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

/** Opens the microphone, cleaned of her own voice by the browser. */
export async function openMicrophone() {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
    throw new MicrophoneError("insecure", "The browser gives a microphone to secure pages only.");
  }
  try {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw explained(error);
  }
}

function explained(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return new MicrophoneError("denied", "The browser does not let this page use the microphone.");
    case "NotFoundError":
    case "OverconstrainedError":
      return new MicrophoneError("missing", "The browser finds no microphone.");
    default:
      return new MicrophoneError("busy", `The microphone could not be opened: ${error.message || error.name}.`);
  }
}
