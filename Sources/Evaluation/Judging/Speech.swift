/// What is said in a reply, told by its wording.
package enum Speech {
    // MARK: Thoughts

    /// Thoughts among what is said; nil: none.
    package static func thought(in text: String) -> String? {
        let plain = Pattern.plain(text)
        return thoughts.lazy.compactMap { $0.firstMatch(in: plain) }.first
    }

    private static let thoughts = [
        Pattern("</?(think|thinking|thought|thoughts|reasoning|scratchpad|reflection|analysis)>"),
        Pattern(
            "\\bthe user (is|was|has|had|wants?|asks?|asked|asking|says?|said|seems|needs?|mentioned|just|might|would|appears)\\b"
        ),
        Pattern("\\b(okay|ok|hmm|alright|so|well),? (so )?(the user|i need to (respond|reply|answer|figure))"),
        Pattern(
            "\\bi (need|have|ought|should|must|will) (to )?(respond|reply|answer) (to (the|this) (user|question|query|message)|with (a|an|one|two|something)|as annie|in character|in (one|two|a))"
        ),
        Pattern(
            "\\b(my|the) (response|reply|answer) (should|needs to|must|has to) (be|sound|stay|include|contain|avoid)"),
        Pattern("\\blet('s| me) think (about (this|it) )?(step by step|this through|it through|through (this|it))"),
        Pattern(
            "(^|[.!?] )(internal )?(thought|thoughts|thinking|thought process|reasoning|analysis|final answer|chain of thought) ?:"
        ),
        Pattern("\\baccording to (my|the) (instructions|system prompt|rules)\\b"),
    ]

    // MARK: Permission

    /// Asks whether to do it, or only says that it will be done; nil: neither.
    package static func hesitation(in text: String) -> String? {
        let plain = Pattern.plain(text)
        return hesitations.lazy.compactMap { $0.firstMatch(in: plain) }.first
    }

    private static let hesitations = [
        Pattern(
            "\\b(shall|should|may|can|could) (i|we) (go ahead|look|search|check|find|save|note|add|write|put|remember|delete|remove|erase|do (that|it|this)|make|store|keep|jot|pull|get|tell|list|read)\\b[^.!]*\\?"
        ),
        Pattern("\\b(would|do|did) you (like|want|prefer|need) (me )?(to|for me)\\b"),
        Pattern("\\bwant me to\\b"),
        Pattern("\\b(would|do) you (like|want|mind) (it|that|this|if i)\\b[^.!]*\\?"),
        Pattern("\\blet me know if (you'd like|you want|you would like|i should)\\b"),
        Pattern("\\bif you('d| would)? (like|want|wish),? i (can|could|will|'ll)\\b"),
        Pattern("\\b(is that|sound|sounds) (ok|okay|alright|all right|good|right)( with you| to you)?\\?"),
        Pattern("\\b(are you sure|just to confirm|to confirm|can you confirm|please confirm)\\b"),
    ]

    // MARK: Follow-up

    /// The question or offer that the reply ends in; nil: none.
    package static func followUp(in text: String) -> String? {
        guard let last = Sentences.split(text).last else { return nil }
        let plain = Pattern.plain(last)
        if isQuestion(plain) { return last }
        return offers.contains { $0.matches(plain) } ? last : nil
    }

    /// A question of her own, not one that she quotes.
    private static func isQuestion(_ sentence: String) -> Bool {
        let trimmed = sentence.trimmingSuffix { !($0.isLetter || $0.isNumber || "?？؟\"".contains($0)) }
        guard trimmed.hasSuffix("\"") else { return trimmed.last.map { "?？؟".contains($0) } ?? false }
        let inside = trimmed.dropLast()
        guard inside.hasSuffix("?") else { return false }
        guard let open = inside.lastIndex(of: "\"") else { return true }
        return !inside[..<open].contains(where: \.isLetter)
    }

    private static let lead = "(^|[,;:] |\\bjust |\\bplease |\\band |\\bso |\\bthen )"
    private static let offers = [
        Pattern("\(lead)ask me (any ?time|whenever|again|about|if|for)\\b"),
        Pattern("\(lead)let me know (if|what|how|when|whether|which|about|your)\\b"),
        Pattern("\(lead)let me know[.!]*$"),
        Pattern("\\bfeel free to (ask|tell|share|let|reach|say)\\b"),
        Pattern(
            "\\bi('m| am) (always |right )?(here|around|happy to|glad to|ready to|available) (if|to help|to listen|to assist|to chat|whenever|for you|help|assist|anytime)\\b"
        ),
        Pattern("\\b(just )?(ask|tell me|say the word) (if|whenever|anytime|when|more|about|away)\\b"),
        Pattern(
            "\\bif (you )?(need|want|have|would like|'d like) (anything|something|any|more|help|some|further|me)\\b"),
        Pattern("\\bif (there's|there is) anything( else)?\\b"),
        Pattern("\\b(i'd|i would) (love|like) to (hear|know|help)\\b"),
        Pattern("\\bhow (may|can) i (help|assist)\\b"),
        Pattern("^(please )?tell me (more|about)\\b"),
        Pattern("\\bif you('d| would)? (like|want|wish|prefer),? i (can|could|will|would)\\b"),
        Pattern("\\bi (can|could) (also |always )?[a-z ]{2,40} if you('d| would)? (like|want|wish)\\b"),
    ]
}

extension String {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        var rest = self[...]
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return String(rest)
    }
}
