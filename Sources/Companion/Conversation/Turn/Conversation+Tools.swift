extension Conversation {
    /// Runs the calls of a round once the turn is committed, and adds them and their results to the turn.
    ///
    /// They run side by side, but for those with side effects: such a call waits for all before it, and those after it
    /// wait for it.
    func run(_ calls: [ToolCall], _ generation: Int) async {
        guard let turn = live, turn.generation == generation else { return }
        let calls = named(calls)
        let message = ChatMessage(.assistant, turn.text.shown, toolCalls: calls)
        live?.running = LiveTurn.RunningCalls(message: message, spokenCount: turn.text.spokenCount)
        live?.text = RoundText()
        await waitForCommit(generation)
        let isAllowed = turn.rounds.count < setup.options.maximumToolRounds
        var position = 0
        while position < calls.count, isLive(generation) {
            var end = position + 1
            if !setup.tools.hasSideEffects(calls[position].name) {
                while end < calls.count, !setup.tools.hasSideEffects(calls[end].name) { end += 1 }
            }
            await withTaskGroup { group in
                for index in position..<end {
                    group.addTask { await self.run(calls[index], at: index, isAllowed: isAllowed, generation) }
                }
            }
            position = end
        }
        guard isLive(generation), let running = live?.running else { return }
        let results = calls.indices.map { index in
            ChatMessage(.tool, running.results[index]?.text ?? "", toolCallID: calls[index].id)
        }
        live?.rounds.append(LiveTurn.Round(message: message, results: results, spokenCount: running.spokenCount))
        live?.running = nil
    }

    private func run(_ call: ToolCall, at index: Int, isAllowed: Bool, _ generation: Int) async {
        guard let turn = live, turn.generation == generation else { return }
        guard isAllowed else {
            let refusal = "Not carried out: there were enough tool calls for this answer. Answer with what you have."
            live?.running?.results[index] = ToolResult(text: refusal, isError: true)
            return
        }
        live?.running?.started.insert(index)
        turn.queue.send(.toolStarted(call))
        let result = await result(of: call)
        guard isLive(generation) else { return }
        live?.running?.results[index] = result
        turn.queue.send(.toolFinished(call, result: result.summary, isError: result.isError))
    }

    private func result(of call: ToolCall) async -> ToolResult {
        guard tools.contains(where: { $0.name == call.name }) else {
            let names = tools.map(\.name).joined(separator: ", ")
            return ToolResult(
                text: "There is no tool '\(call.name)'. The tools are: \(names.isEmpty ? "none" : names).",
                isError: true)
        }
        return await setup.tools.run(call, context: ToolRunContext(session: sessionID))
    }

    private func waitForCommit(_ generation: Int) async {
        guard let turn = live, turn.generation == generation, !turn.isCommitted else { return }
        await withCheckedContinuation { live?.waiting = $0 }
    }

    /// The calls with ids that tell them apart within the turn.
    private func named(_ calls: [ToolCall]) -> [ToolCall] {
        guard let turn = live else { return calls }
        var known = Set(turn.rounds.flatMap(\.message.toolCalls).map(\.id))
        return calls.enumerated().map { position, call in
            var call = call
            if call.id.isEmpty || known.contains(call.id) {
                call.id = "call_\(turn.generation)_\(turn.rounds.count)_\(position)"
            }
            known.insert(call.id)
            return call
        }
    }
}
