import Foundation

/// Asks the terminal to mark what is pasted, so that a text of several lines stays one text.
final class PasteMode {
    /// What the terminal sends before and after a paste.
    static let start = "\u{1B}[200~", end = "\u{1B}[201~"
    private var saved = termios()
    private let isOn: Bool

    /// Turns marking on, if standard input and output are a terminal.
    init() {
        isOn = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && tcgetattr(STDIN_FILENO, &saved) == 0
        guard isOn else { return }
        var settings = saved
        // The marks are echoed as they are, which a terminal ignores, and not as a visible ^[[200~.
        settings.c_lflag &= ~tcflag_t(ECHOCTL)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        show("\u{1B}[?2004h")
    }

    deinit {
        guard isOn else { return }
        tcsetattr(STDIN_FILENO, TCSANOW, &saved)
        show("\u{1B}[?2004l")
    }
}
