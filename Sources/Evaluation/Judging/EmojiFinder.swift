/// Finds emoji and emoticons.
package enum EmojiFinder {
    /// The first of them; nil: none.
    package static func find(in text: String) -> String? {
        if let emoji = text.first(where: isEmoji) { return String(emoji) }
        if let shortcode = shortcode.firstMatch(in: text) { return shortcode }
        return text.split(whereSeparator: \.isWhitespace).map { $0.trimmingSuffix { ".,!".contains($0) } }
            .first { emoticons.contains(String($0)) }.map(String.init)
    }

    private static let shortcode = Pattern(
        ":(smile|smiley|grin|heart|wink|joy|tada|thumbsup|wave|blush|fire|\\+1)[a-z_]*:")
    private static let emoticons: Set<String> = [
        ":)", ":-)", ":(", ":-(", ";)", ";-)", ":D", ":-D", "xD", "XD", ":P", ":-P", ":p", ":o", ":O", "<3", "^^",
        "^_^",
        ":/", ":-/", ":'(", "(:", "=)", "=D", "T_T", "-_-", "¯\\_(ツ)_/¯",
    ]

    private static func isEmoji(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        return scalars.contains { scalar in
            // Digits, ©, ™ and arrows are emoji only with the selector behind them.
            scalar.properties.isEmojiPresentation || scalar == "\u{FE0F}" || scalar == "\u{20E3}"
                || (scalar.properties.isEmoji && scalar.value >= 0x2600) || scalar == "\u{2764}"
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
        var rest = self
        while let last = rest.last, rest.count > 1, isTrimmed(last) { rest.removeLast() }
        return rest
    }
}
