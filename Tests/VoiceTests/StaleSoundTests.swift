import Companion
import Testing
import Voice

/// Whatever the order in which stages answer: nothing of a reply that was cut off or thrown away passes.
@Suite struct StaleSoundTests {
    /// A small generator of its own, so that a failure can be run again by its seed.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// A call of ten seconds in which speech, typing, buttons and lateness fall as the dice do.
    private static func randomCall(seed: UInt64) -> Simulation {
        let dice = Locker(Dice(state: seed))
        let call = Simulation()
        call.stages.decode = { _ in dice.roll(0.005...0.6) }
        call.stages.decodeFails = { _ in dice.roll(0...1) < 0.05 }
        call.stages.endOfTurn = (dice.roll(0.01...0.4), Float(dice.roll(0...1)))
        call.stages.synthesis = { _ in dice.roll(0.01...0.9) }
        call.stages.length = { _ in dice.roll(0.1...1.5) }
        call.stages.synthesisFails = { _ in dice.roll(0...1) < 0.05 }
        call.stages.beginFails = { _ in dice.roll(0...1) < 0.05 }
        call.stages.commit = dice.roll(0.001...0.3)
        var replies = 0
        call.stages.reply = { _ in
            replies += 1
            let name = "r\(replies)"
            var time = dice.roll(0.01...0.3)
            var parts: [(Double, ScriptedReply)] = []
            for index in 0..<Int(dice.roll(1...5)) {
                parts += [(time, .text("part \(index) of \(name)")), (time, .clause("Clause \(index) of \(name)"))]
                if dice.roll(0...1) < 0.1 { parts.append((time + 0.05, .restarted)) }
                time += dice.roll(0.01...0.8)
            }
            return parts + [(time, .finished)]
        }
        var time = 0.3
        while time < 9 {
            let length = dice.roll(0.05...1.5)
            call.script.say(
                ["", "Mhm.", "Please go on.", "Stop it now."][Int(dice.roll(0...3.99))], at: time, lasting: length)
            time += length + dice.roll(0.05...1.5)
        }
        for _ in 0..<Int(dice.roll(0...4)) {
            let inputs: [TurnInput] = [
                .typed(TypedText("typed")), .stop, .say("Hello."), .away(true), .away(false), .microphone(isOn: false),
            ]
            call.schedule(inputs[Int(dice.roll(0...5.99))], at: dice.roll(0.5...9))
        }
        return call
    }

    /// Dice that closures share.
    private final class Locker {
        var dice: Dice
        init(_ dice: Dice) { self.dice = dice }
        func roll(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &dice) }
    }

    @Test func noSoundPassesAfterItsGenerationWasEnded() {
        for seed in UInt64(0)..<400 {
            let call = Self.randomCall(seed: seed)
            call.run(until: 10)
            var current: Set<Int> = []
            var stale: [Double] = []
            var frames = call.frames[...]
            for (time, action) in call.actions {
                while let frame = frames.first, frame.time < time {
                    frames.removeFirst()
                    if !frame.generations.isSubset(of: current) { stale.append(frame.time) }
                }
                switch action {
                case .open(let generation): current = [generation]
                case .silence, .interrupt, .expect: current = []
                default: break
                }
            }
            #expect(stale.isEmpty, "seed \(seed)")
        }
    }

    @Test func everyReplyHasOneEndAndNoneIsCommittedAfterIt() {
        for seed in UInt64(1000)..<1400 {
            let call = Self.randomCall(seed: seed)
            call.run(until: 10)
            var live: Int?
            var committed: Set<Int> = []
            var faults: [String] = []
            for (_, action) in call.actions {
                switch action {
                case .begin(let reply, _):
                    // One that could not be begun needs no end.
                    if let live, call.begun[live] != nil { faults.append("two at once") }
                    live = reply
                case .commit(let reply):
                    if live != reply || !committed.insert(reply).inserted { faults.append("commit of \(reply)") }
                case .discard(let reply):
                    if live != reply || committed.contains(reply) { faults.append("discard of \(reply)") }
                    live = nil
                case .interrupt(let reply, _), .complete(let reply):
                    if live != reply || !committed.contains(reply) { faults.append("end of \(reply)") }
                    live = nil
                default: break
                }
            }
            #expect(faults.isEmpty, "seed \(seed)")
        }
    }

    @Test func noWordOfOneReplyIsSaidOrShownAsAnothers() {
        for seed in UInt64(3000)..<3300 {
            let call = Self.randomCall(seed: seed)
            call.run(until: 10)
            // Replies are named in the order in which they were begun.
            var name = ""
            var faults: [String] = []
            for (_, action) in call.actions {
                switch action {
                case .begin(let reply, _):
                    guard call.begun[reply] != nil else { continue }
                    name = "r\(call.begun.keys.filter { $0 <= reply }.count)"
                case .synthesize(_, _, let text) where text.hasPrefix("Clause") && !text.hasSuffix(name):
                    faults.append(text)
                case .send(.llmText(let text)) where text.hasPrefix("part") && !text.hasSuffix(name):
                    faults.append(text)
                default: break
                }
            }
            #expect(faults.isEmpty, "seed \(seed)")
        }
    }

    @Test func aClauseOfAnOlderReplyThatIsReadyLateDoesNotCountAsTheNewOnes() throws {
        var turn = Turn()
        var clauses: [(generation: Int, clause: Int)] = []
        var commits: [Int] = []
        var completed = false
        func give(_ input: TurnInput) {
            for action in turn.handle(input, at: 1) {
                if case .synthesize(let generation, let clause, _) = action { clauses.append((generation, clause)) }
                if case .commit(let reply) = action { commits.append(reply) }
                if case .complete = action { completed = true }
            }
        }
        for _ in 0..<2 {
            give(.typed(TypedText("Hello.")))
            give(.committed(id: try #require(commits.last)))
            give(.reply(id: try #require(commits.last), .clause("Clause.")))
            give(.replyEnded(id: try #require(commits.last)))
        }
        try #require(clauses.count == 2)
        give(.playout(.played(generation: clauses[1].generation, clause: clauses[1].clause)))
        give(.synthesised(generation: clauses[0].generation, clause: clauses[0].clause))
        #expect(!completed)
        give(.synthesised(generation: clauses[1].generation, clause: clauses[1].clause))
        #expect(completed)
    }

    @Test func nothingOfAGuessIsShown() {
        for seed in UInt64(2000)..<2200 {
            let call = Self.randomCall(seed: seed)
            call.run(until: 10)
            var stands = false
            var leaks = 0
            for (_, action) in call.actions {
                switch action {
                case .commit: stands = true
                case .begin: stands = false
                case .send(.llmText(let text)) where text.hasPrefix("part") && !stands: leaks += 1
                default: break
                }
            }
            #expect(leaks == 0, "seed \(seed)")
        }
    }

    @Test func answersThatBelongToNothingChangeNothing() {
        var dice = Dice(state: 7)
        for round in 0..<200 {
            var turn = Turn()
            var time = 0.0
            var live: Set<Int> = []
            var faults = 0
            for step in 0..<300 {
                time += Double.random(in: 0...0.05, using: &dice)
                let input = Self.randomInput(step, &dice)
                for action in turn.handle(input, at: time) {
                    switch action {
                    case .begin(let reply, _): faults += live.insert(reply).inserted ? 0 : 1
                    case .discard(let reply), .interrupt(let reply, _), .complete(let reply):
                        faults += live.remove(reply) != nil ? 0 : 1
                    default: break
                    }
                }
                if case .replyFailed(let id, _) = input { live.remove(id) }
                faults += live.count > 1 ? 1 : 0
            }
            #expect(faults == 0, "round \(round)")
        }
    }

    private static func randomInput(_ step: Int, _ dice: inout Dice) -> TurnInput {
        let id = Int.random(in: 0...40, using: &dice)
        switch Int.random(in: 0..<18, using: &dice) {
        case 0: return .window(start: step * 512, probability: Float.random(in: 0...1, using: &dice))
        case 1...4: return .window(start: step * 512, probability: step % 60 < 30 ? 0.9 : 0.1)
        case 5: return .decoded(id: id, text: "Some words.")
        case 6: return .decodeFailed(id: id)
        case 7: return .endOfTurn(id: id, probability: 0.7)
        case 8: return .reply(id: id, .clause("Clause."))
        case 9: return .reply(id: id, .restarted)
        case 10: return .replyEnded(id: id)
        case 11: return .replyFailed(id: id, "failed")
        case 12: return .committed(id: id)
        case 13: return .synthesised(generation: id, clause: id + 1)
        case 14: return .synthesisFailed(generation: id, clause: id + 1, rest: "rest")
        case 15: return .playout(.played(generation: id, clause: id + 1))
        case 16: return .typed(TypedText("typed"))
        default: return .stop
        }
    }
}
