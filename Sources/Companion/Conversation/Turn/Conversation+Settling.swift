extension Conversation {
    /// Writes the user's words down, and lets tools run.
    func commit(_ generation: Int) throws {
        guard let turn = live, turn.generation == generation else { throw ConversationError.superseded }
        guard !turn.isCommitted else { return }
        do {
            _ = try setup.store.append([ChatMessage(.user, turn.words)], to: sessionID, isInterrupted: false)
        } catch {
            discard(generation)
            throw error
        }
        live?.isCommitted = true
        live?.release()
    }

    /// Forgets the turn.
    func discard(_ generation: Int) {
        guard isLive(generation), live?.isCommitted == false else { return }
        stop(dropping: true)
    }

    /// Keeps what was heard; of a turn that was not committed, nothing.
    func interrupt(_ generation: Int, heard: String) {
        guard isLive(generation), let turn = stop(dropping: true), turn.isCommitted else { return }
        keep(turn, heard: heard)
    }

    /// Keeps all that was said; of a turn that was not committed, nothing.
    func complete(_ generation: Int) {
        guard isLive(generation), let turn = stop(dropping: false), turn.isCommitted else { return }
        keep(turn, heard: nil)
    }

    /// Ends what is live because something newer begins.
    func overtake() {
        guard let turn = stop(dropping: true), turn.isCommitted else { return }
        keep(turn, heard: nil)
    }

    /// Takes the turn off the stage: from here on nothing of it comes through.
    @discardableResult
    private func stop(dropping: Bool) -> LiveTurn? {
        guard var turn = live else { return nil }
        live = nil
        turn.task?.cancel()
        turn.release()
        turn.queue.close(dropping: dropping)
        return turn
    }

    private func keep(_ turn: LiveTurn, heard: String?) {
        let record = turn.record(heard: heard)
        write(record)
        draft = nil
        note = nil
        if case .apologised = turn.phase {
            // What led there is not shown to the model again.
            history.removeAll { _ in true }
            (clockToldAt, gauge) = (nil, nil)
            return
        }
        let messages = [turn.message] + record.exchanged + [record.answer].compactMap { $0 }
        history.append(PromptHistory.Turn(words: turn.words, messages: messages))
        if turn.draft.hasClock { clockToldAt = setup.now() }
        if record.isCut, turn.phase != .failed {
            note = record.answer == nil ? MessageContext.unheardNote : MessageContext.interruptedNote
        }
    }

    private func write(_ record: LiveTurn.Record) {
        let answer = [record.answer].compactMap { $0 }
        do {
            if record.isCut, !answer.isEmpty, !record.exchanged.isEmpty {
                _ = try setup.store.append(record.exchanged, to: sessionID, isInterrupted: false)
                _ = try setup.store.append(answer, to: sessionID, isInterrupted: true)
            } else if !answer.isEmpty || !record.exchanged.isEmpty {
                let isInterrupted = record.isCut && !answer.isEmpty
                _ = try setup.store.append(record.exchanged + answer, to: sessionID, isInterrupted: isInterrupted)
            }
        } catch {
            // The words were said: the conversation goes on with them, and only the transcript lacks them.
            log("a reply could not be written down", ["error": "\(type(of: error))"])
        }
    }
}
