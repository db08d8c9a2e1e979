import Speech

/// Doing what the turn decides.
extension Call {
    func perform(_ action: TurnAction) {
        switch action {
        case .decode(let request): decode(request)
        case .cancelDecode(let id): decodes.removeValue(forKey: id)?.cancel()
        case .askEndOfTurn(let id, let samples, let padding): askEndOfTurn(id, samples, padding)
        case .prepare(let text): prepare(text)
        case .begin(let reply, let text):
            preparation?.cancel()
            lane.add(.begin(reply, text))
        case .commit(let reply): lane.add(.commit(reply))
        case .discard(let reply): lane.add(.discard(reply))
        case .interrupt(let reply, let shown): interrupt(reply, shown: shown)
        case .complete(let reply): lane.add(.complete(reply))
        case .expect(let generation): playout.begin(generation)
        case .synthesize(let generation, let clause, let text): synthesize(text, clause, generation)
        case .open(let generation): playout.open(generation)
        case .silence: _ = silence()
        case .setPaused(let paused): playout.setPaused(paused)
        case .send(let event): send(event)
        case .record(let timings): metrics.turn(timings)
        case .recordBargeIn(let seconds): metrics.bargeIn(seconds)
        case .forget(let position): buffer.withLock { $0.drop(before: position) }
        }
    }

    private func silence() -> String {
        synthesis?.cancel()
        synthesis = nil
        return playout.flush()
    }

    private func interrupt(_ reply: Int, shown: String?) {
        let heard = silence()
        lane.add(.interrupt(reply, heard: shown ?? heard))
        send(.server(.interrupted(heard: shown ?? heard)))
    }

    private func prepare(_ text: String) {
        preparation?.cancel()
        preparation = Task { [replying] in await replying.prepare(partial: text) }
    }

    private func decode(_ request: DecodeRequest) {
        let samples = buffer.withLock { $0.samples(in: request.samples, padding: request.padding) }
        decodes[request.id] = Task { [speech, post, logger] in
            do {
                let text = try await speech.transcribe(samples)
                post(.turn(.decoded(id: request.id, text: text)))
            } catch {
                guard !Task.isCancelled else { return }
                logger.warning("transcription failed: \(error)")
                post(.turn(.decodeFailed(id: request.id)))
            }
        }
    }

    private func askEndOfTurn(_ id: Int, _ range: Range<Int>, _ padding: Int) {
        let samples = buffer.withLock { $0.samples(in: range, padding: padding) }
        decodes[id] = Task { [speech, post] in
            // Without the model's answer the timer behind it decides.
            let probability = try? await speech.endOfTurnProbability(samples)
            post(.turn(.endOfTurn(id: id, probability: probability ?? nil)))
        }
    }

    private func synthesize(_ text: String, _ clause: Int, _ generation: Int) {
        playout.beginClause(clause, text: text, of: generation)
        synthesis = Task { [speech, playout, post, logger, voice = options.voice] in
            var hasBegun = false
            do {
                for try await chunk in speech.synthesize(text, voice: voice) {
                    guard playout.append(chunk, to: clause, of: generation) else { return }
                    if !hasBegun { post(.turn(.synthesisBegan(generation: generation, clause: clause))) }
                    hasBegun = true
                }
                guard !Task.isCancelled else { return }
                playout.endClause(clause, of: generation)
                post(.turn(.synthesised(generation: generation, clause: clause)))
            } catch {
                guard !Task.isCancelled, let rest = playout.abandonClause(clause, of: generation) else { return }
                logger.warning("speech synthesis failed: \(error)")
                post(.turn(.synthesisFailed(generation: generation, clause: clause, rest: rest)))
            }
        }
    }
}
