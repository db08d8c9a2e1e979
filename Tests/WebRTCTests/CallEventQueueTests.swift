import Locking
import Testing
import WebRTC

@Suite struct CallEventQueueTests {
    @Test func eventsComeInOrderAndEndWithTheLine() async {
        let queue = CallEventQueue()
        queue.push(.connected)
        queue.push(.message("a"))
        queue.push(.closed(.remote))
        queue.push(.message("too late"))
        var events: [String] = []
        for await event in queue.stream { events.append("\(event)") }
        #expect(events == ["connected", "message(\"a\")", "closed(WebRTC.CallEnd.remote)"])
    }

    @Test func oldSoundIsDroppedBeforeAnythingElse() async {
        let queue = CallEventQueue()
        queue.push(.connected)
        for index in 0..<600 { queue.push(.audio([Float(index)], isConcealed: false)) }
        queue.push(.closed(.local))
        var sounds: [Float] = []
        var others = 0
        for await event in queue.stream {
            if case .audio(let samples, _) = event { sounds += samples } else { others += 1 }
        }
        #expect(sounds.count == 500)
        #expect(sounds.first == 100)
        #expect(others == 2)
    }

    @Test func quietSoundIsHandedOnByFivesAndWithWhateverMayNotWait() async {
        let queue = CallEventQueue()
        let taken = Locked<[String]>([])
        let reader = Task {
            for await event in queue.stream { taken.withLock { $0.append("\(event)".prefix(5).description) } }
        }
        while !queue.hasWaitingReader { await Task.yield() }
        for _ in 0..<4 { queue.push(.audio([], isConcealed: false), mayWait: true) }
        #expect(queue.hasWaitingReader)
        queue.push(.audio([], isConcealed: false), mayWait: true)
        while taken.withLock({ $0.count }) < 5 || !queue.hasWaitingReader { await Task.yield() }
        queue.push(.audio([], isConcealed: false), mayWait: true)
        queue.push(.closed(.local))
        await reader.value
        #expect(taken.withLock { $0 } == Array(repeating: "audio", count: 6) + ["close"])
    }

    @Test func aWaitingReaderIsWokenByAnEventAndByCancellation() async {
        let queue = CallEventQueue()
        let reader = Task {
            var count = 0
            for await _ in queue.stream { count += 1 }
            return count
        }
        await Task.yield()
        queue.push(.connected)
        let cancelled = Task {
            for await _ in CallEventQueue().stream {}
        }
        await Task.yield()
        cancelled.cancel()
        await cancelled.value
        queue.push(.closed(.local))
        #expect(await reader.value == 2)
    }
}
