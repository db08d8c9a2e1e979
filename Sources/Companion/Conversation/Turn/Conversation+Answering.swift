import JSON
import Logging

extension Conversation {
    /// How a round of the model ended.
    private enum RoundEnd {
        case overtaken
        case answered
        case calls([ToolCall])
        case spoiled(Spoilage)
        case failed(any Error)
    }

    /// Answers the turn, round by round, until it is over or overtaken.
    func answer(_ generation: Int) async {
        guard let turn = live, turn.generation == generation else { return }
        let remembered = await setup.recall(turn.words)
        guard isLive(generation) else { return }
        live?.message = turn.draft.message(turn.words, remembering: remembered)
        var isFirst = true
        while isLive(generation) {
            await fitLive(generation, within: isFirst ? trimLimit : hardLimit)
            isFirst = false
            switch await round(generation) {
            case .overtaken: return
            case .answered: return finish()
            case .failed(let error): if !makeRoom(after: error) { return fail(error) }
            case .calls(let calls): await run(calls, generation)
            case .spoiled(let spoilage): retryOrApologise(spoilage)
            }
            guard live?.phase == .running else { return }
        }
    }

    /// One reply of the model.
    private func round(_ generation: Int) async -> RoundEnd {
        guard let turn = live, turn.generation == generation else { return .overtaken }
        let prompt = prompt(for: turn)
        do {
            for try await event in setup.model.reply(to: prompt) {
                guard isLive(generation) else { return .overtaken }
                switch event {
                case .text(let delta): if let spoilage = take(delta) { return .spoiled(spoilage) }
                case .reasoning: break
                case .toolCall(let call):
                    noteFirstToken()
                    live?.text.calls.append(call)
                case .finished(let summary): note(summary, promptMessages: prompt.messages.count)
                }
            }
        } catch {
            return isLive(generation) ? .failed(error) : .overtaken
        }
        guard isLive(generation), !Task.isCancelled else { return .overtaken }
        return endRound()
    }

    private func prompt(for turn: LiveTurn) -> ChatPrompt {
        var prompt = ChatPrompt(messages: history.messages(endingWith: turn.messages), tools: tools)
        prompt.maximumTokens = setup.options.maximumReplyTokens
        prompt.temperature = setup.persona.temperature
        prompt.seed = setup.options.seed
        if turn.isRetry {
            let usual = setup.persona.temperature ?? 0.7
            // A greedy reply would come out the same again.
            prompt.temperature = usual > 0.2 ? usual / 2 : 0.4
            prompt.seed = (setup.options.seed ?? UInt64(turn.generation)) &+ 0x9E37_79B9
        }
        return prompt
    }

    // MARK: What the model says

    private func take(_ delta: String) -> Spoilage? {
        guard live != nil else { return nil }
        noteFirstToken()
        let output = live?.text.append(delta) ?? RoundText.Output()
        if output.spoilage == nil { give(output) }
        return output.spoilage
    }

    private func give(_ output: RoundText.Output) {
        guard let turn = live else { return }
        if !output.text.isEmpty {
            let isFirst = turn.text.shown == output.text
            let follows = isFirst && turn.rounds.contains { !$0.message.content.isEmpty }
            turn.queue.send(.text((follows ? " " : "") + output.text))
        }
        for clause in output.clauses {
            if live?.firstClause == nil { live?.firstClause = turn.secondsSinceStart }
            turn.queue.send(.clause(clause))
        }
    }

    private func endRound() -> RoundEnd {
        guard let turn = live else { return .overtaken }
        let output = live?.text.finish() ?? RoundText.Output()
        if let spoilage = output.spoilage { return .spoiled(spoilage) }
        var seen = turn.madeCalls
        let calls = turn.text.calls.filter { seen.insert(key(of: $0)).inserted }
        if calls.isEmpty, !turn.text.calls.isEmpty { return .spoiled(.repeatedCall) }
        if turn.rounds.count > setup.options.maximumToolRounds, !calls.isEmpty { return .spoiled(.tooManyRounds) }
        if calls.isEmpty, repeatsAnswers(live?.text.shown ?? "", to: turn.words) { return .spoiled(.repeatedAnswer) }
        give(output)
        live?.madeCalls = seen
        return calls.isEmpty ? .answered : .calls(calls)
    }

    private func key(of call: ToolCall) -> String {
        let style = JSONStyle(itemSeparator: ",", keySeparator: ":", sortedKeys: true)
        return call.name + " " + ((try? JSONValue(parsing: call.arguments))?.text(style) ?? call.arguments)
    }

    // MARK: The end

    private func finish() {
        guard let turn = live else { return }
        live?.phase = .answered
        turn.queue.send(.finished(summary(of: turn)))
        turn.queue.close(dropping: false)
    }

    private func summary(of turn: LiveTurn) -> ReplySummary {
        ReplySummary(
            text: turn.shownText, firstToken: turn.firstToken, firstClause: turn.firstClause,
            total: turn.secondsSinceStart, promptTokens: turn.usage.promptTokens,
            cachedTokens: turn.usage.cachedTokens, completionTokens: turn.usage.completionTokens)
    }

    /// Drops the older half of the history, once a reply, when the server refuses the request: where tokens are only
    /// estimated it may have grown too long, and then would be refused for ever.
    private func makeRoom(after error: any Error) -> Bool {
        guard case .refused(_, let status, _)? = error as? ChatModelError, [400, 413, 422].contains(status),
            let turn = live, !turn.isRetry, turn.text.shown.isEmpty, history.count > 0
        else { return false }
        log("the model refused a prompt; trying with less of the history", ["status": "\(status)"])
        live?.isRetry = true
        live?.text = RoundText()
        history.dropOldest((history.count + 1) / 2)
        (clockToldAt, gauge) = (nil, nil)
        return true
    }

    private func fail(_ error: any Error) {
        guard let turn = live else { return }
        log(
            "the model failed",
            ["error": "\(type(of: error))", "reason": "\((error as? ChatModelError)?.reason ?? "")"])
        live?.phase = .failed
        let options = setup.options
        turn.queue.send(.failed(turn.shownText.isEmpty ? options.unreachable : options.cutOff))
        turn.queue.close(dropping: false)
    }

    private func retryOrApologise(_ spoilage: Spoilage) {
        guard let turn = live else { return }
        log("a spoiled reply was cut out", ["spoilage": "\(spoilage.rawValue)", "retry": "\(turn.isRetry)"])
        turn.queue.send(.restarted)
        let bad = turn.text.raw
        live?.text = RoundText()
        guard !turn.isRetry else {
            live?.phase = .apologised(setup.options.apology)
            turn.queue.send(.failed(setup.options.apology))
            return turn.queue.close(dropping: false)
        }
        live?.isRetry = true
        // What was said before the last call stands, but the voice does not say it twice.
        for index in turn.rounds.indices { live?.rounds[index].spokenCount = 0 }
        let earlier = turn.rounds.map(\.message.content).filter { !$0.isEmpty }.joined(separator: " ")
        if !earlier.isEmpty { turn.queue.send(.text(earlier)) }
        forgetTurns(like: bad)
    }

    // MARK: Measures

    private func noteFirstToken() {
        guard let turn = live, turn.firstToken == nil else { return }
        live?.firstToken = turn.secondsSinceStart
    }

    private func note(_ summary: ChatModelSummary, promptMessages: Int) {
        guard let usage = live?.usage else { return }
        live?.usage.promptTokens = summary.promptTokens
        live?.usage.cachedTokens = summary.cachedTokens
        if let tokens = summary.completionTokens {
            live?.usage.completionTokens = (usage.completionTokens ?? 0) + tokens
        }
        if let tokens = summary.promptTokens { gauge = (promptMessages, tokens) }
    }
}
