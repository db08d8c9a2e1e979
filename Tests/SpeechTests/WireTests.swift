import Speech
import Testing

@Suite("Messages between worker and supervisor") struct WireTests {
    static let requests: [WorkerRequest] = [
        .transcribe([0, 0.5, -1]), .transcribe([]), .synthesize("Grüße, 你好", VoiceSettings(name: "x", speed: 1.5)),
        .synthesize("", VoiceSettings()), .endOfTurn([1]), .voiceActivity(stream: 7, window: [0.25]),
        .forget(stream: .max), .cancel, .parts,
    ]
    static let responses: [WorkerResponse] = [
        .text("ok"), .text(""), .audio([1, -1, .max, .min]), .audio([]), .finished, .probability(0.5),
        .failure(.missingPart(.voice)),
        .failure(.missingLibrary(name: "espeak-ng", package: "libespeak-ng1", reason: "\"no\"\nfile")),
        .failure(.unusablePart(.recognizer, reason: "damaged")), .failure(.unknownVoice("amy")),
        .failure(.invalidInput("no")), .failure(.failed("x")), .failure(.workerEnded),
        .failure(.workerUnavailable(reason: "r")), .parts([:]),
        .parts([.voice: .missingPart(.voice), .library: .unusablePart(.library, reason: "old")]),
    ]

    @Test("every request arrives as it was sent", arguments: requests)
    func carriesRequests(request: WorkerRequest) throws {
        var reader = WireFrame.Reader()
        reader.append(request.frame(42).bytes)
        let frame = try #require(try reader.next())
        #expect(frame.request == 42)
        #expect(WorkerRequest(frame) == request)
        #expect(try reader.next() == nil)
    }

    @Test("every answer arrives as it was sent", arguments: responses)
    func carriesResponses(response: WorkerResponse) throws {
        var reader = WireFrame.Reader()
        reader.append(response.frame(9).bytes)
        #expect(WorkerResponse(try #require(try reader.next())) == response)
    }

    @Test("frames come out however the bytes are cut")
    func joinsPieces() throws {
        var random = SeededRandom(5)
        let bytes = Self.requests.enumerated().flatMap { $1.frame(UInt32($0)).bytes }
        for _ in 0..<50 {
            var reader = WireFrame.Reader()
            var (position, found) = (0, [WorkerRequest]())
            while position < bytes.count {
                let count = min(Int.random(in: 1...20, using: &random), bytes.count - position)
                reader.append(bytes[position..<position + count])
                position += count
                while let frame = try reader.next() { found.append(try #require(WorkerRequest(frame))) }
            }
            #expect(found == Self.requests)
        }
    }

    @Test("a frame longer than any message is refused before it is stored")
    func refusesHugeFrames() {
        for length: [UInt8] in [[255, 255, 255, 255], [0, 0, 0, 0], [4, 0, 0, 0]] {
            var reader = WireFrame.Reader()
            reader.append(length + [1, 0, 0, 0, 0])
            #expect(throws: SpeechError.self) { try reader.next() }
        }
    }

    @Test("no payload breaks the readers of messages")
    func survivesNonsense() {
        var random = SeededRandom(6)
        for _ in 0..<5000 {
            let payload = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let frame = WireFrame(kind: UInt8.random(in: 0...80, using: &random), request: 1, payload: payload)
            _ = WorkerRequest(frame)
            _ = WorkerResponse(frame)
        }
    }
}
