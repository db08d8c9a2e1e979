import JSON

extension Conversation {
    /// Tokens of a prompt above which turns are dropped at a turn's beginning.
    var trimLimit: Int { Int(Double(setup.model.contextLength) * setup.options.trimAbove) }

    /// Tokens of a prompt that leave room for a reply.
    var hardLimit: Int {
        let length = setup.model.contextLength
        return length - min(setup.options.maximumReplyTokens, length / 4)
    }

    /// Whether it is known how much fits: a model that is still being loaded cannot tell, and nothing is cut for it.
    private var knowsLength: Bool { setup.model.contextLength > 0 }

    /// Makes the live turn's prompt fit, if need be by shortening what is in the turn itself.
    func fitLive(_ generation: Int, within limit: Int) async {
        guard let turn = live, turn.generation == generation, knowsLength else { return }
        await fit(turn.messages, within: limit)
        for _ in 0..<16 {
            guard let turn = live, turn.generation == generation else { return }
            guard await tokens(of: history.messages(endingWith: turn.messages), atMost: hardLimit) > hardLimit,
                isLive(generation), shortenLongest()
            else { return }
        }
    }

    /// Drops the oldest turns when a prompt that ends with `current` would pass the limit.
    func fit(_ current: [ChatMessage], within limit: Int) async {
        guard knowsLength else { return }
        let version = history.version
        let history = history
        guard await tokens(of: history.messages(endingWith: current), atMost: limit) > limit else { return }
        let target = min(limit, Int(Double(setup.model.contextLength) * setup.options.trimTo))
        // The fewest turns to drop that bring the prompt down to the target; all, where none do.
        var (fewest, most) = (0, history.count)
        while fewest < most {
            let middle = (fewest + most) / 2
            let messages = history.messages(endingWith: current, dropping: middle)
            if await counted(messages) <= target { most = middle } else { fewest = middle + 1 }
        }
        guard self.history.version == version, fewest > 0 else { return }
        self.history.dropOldest(fewest)
        (clockToldAt, gauge) = (nil, nil)
    }

    /// Tokens of these messages: an upper bound where that is below `limit`, because it costs nothing; else as counted.
    private func tokens(of messages: [ChatMessage], atMost limit: Int) async -> Int {
        var bound = 0
        var rest = messages[...]
        if let gauge, gauge.messages <= messages.count {
            bound = gauge.tokens
            // The last message of the counted prompt may have grown since.
            rest = messages[(gauge.messages - 1)...]
        } else {
            for tool in tools { bound += tool.json.text().utf8.count }
        }
        // No tokenizer of bytes makes more tokens than there are bytes; a template's marks are a few a message.
        for message in rest {
            bound += message.content.utf8.count + 16
            for call in message.toolCalls { bound += call.arguments.utf8.count + call.name.utf8.count + 32 }
        }
        return bound <= limit ? bound : await counted(messages)
    }

    private func counted(_ messages: [ChatMessage]) async -> Int {
        let prompt = ChatPrompt(messages: messages, tools: tools)
        if let count = try? await setup.model.tokenCount(of: prompt) { return count }
        return messages.reduce(0) { $0 + 8 + $1.content.utf8.count / 3 }
    }

    /// Cuts the middle out of the turn's longest message; false when there is nothing left to cut.
    private func shortenLongest() -> Bool {
        guard let turn = live else { return false }
        let results = turn.rounds.indices.flatMap { round in
            turn.rounds[round].results.indices.map { (round, $0, turn.rounds[round].results[$0].content) }
        }
        let longest = results.max { $0.2.count < $1.2.count }
        if let longest, longest.2.count > turn.message.content.count {
            guard let short = Self.shortened(longest.2) else { return false }
            live?.rounds[longest.0].results[longest.1].content = short
        } else {
            guard let short = Self.shortened(turn.message.content) else { return false }
            live?.message.content = short
        }
        return true
    }

    private static func shortened(_ text: String) -> String? {
        guard text.count > 80 else { return nil }
        return text.prefix(text.count * 3 / 8) + " … " + text.suffix(text.count * 3 / 8)
    }
}
