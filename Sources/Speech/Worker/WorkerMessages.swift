import JSON

/// What the supervisor asks of the worker.
package enum WorkerRequest: Equatable, Sendable {
    case transcribe([Float])
    case synthesize(String, VoiceSettings)
    case endOfTurn([Float])
    case voiceActivity(stream: UInt32, window: [Float])
    /// Not answered.
    case forget(stream: UInt32)
    /// Ends the request of the frame's number; not answered.
    case cancel
    /// Answered when every part is loaded or has failed to.
    case parts

    /// The frame of this request.
    package func frame(_ request: UInt32) -> WireFrame {
        var payload: [UInt8] = []
        switch self {
        case .transcribe(let samples), .endOfTurn(let samples): payload.append(numbers: samples)
        case .synthesize(let text, let voice):
            let name = Array((voice.name ?? "").utf8.prefix(Int(UInt16.max)))
            payload.append(number: voice.speed)
            payload.append(number: UInt16(name.count))
            payload += name + Array(text.utf8)
        case .voiceActivity(let stream, let window):
            payload.append(number: stream)
            payload.append(numbers: window)
        case .forget(let stream): payload.append(number: stream)
        case .cancel, .parts: break
        }
        return WireFrame(kind: kind, request: request, payload: payload)
    }

    private var kind: UInt8 {
        switch self {
        case .transcribe: 1
        case .synthesize: 2
        case .endOfTurn: 3
        case .voiceActivity: 4
        case .forget: 5
        case .cancel: 6
        case .parts: 7
        }
    }

    /// The request in a frame; nil when there is none.
    package init?(_ frame: WireFrame) {
        var scanner = ByteScanner(frame.payload[...])
        switch frame.kind {
        case 1, 3:
            guard let samples = scanner.numbers(Float.self) else { return nil }
            self = frame.kind == 1 ? .transcribe(samples) : .endOfTurn(samples)
        case 2:
            guard let speed = scanner.number(Double.self), let count = scanner.number(UInt16.self),
                let name = scanner.text(Int(count)), let text = scanner.text()
            else { return nil }
            self = .synthesize(text, VoiceSettings(name: name.isEmpty ? nil : name, speed: speed))
        case 4:
            guard let stream = scanner.number(UInt32.self), let window = scanner.numbers(Float.self)
            else { return nil }
            self = .voiceActivity(stream: stream, window: window)
        case 5:
            guard let stream = scanner.number(UInt32.self) else { return nil }
            self = .forget(stream: stream)
        case 6: self = .cancel
        case 7: self = .parts
        default: return nil
        }
    }
}

/// What the worker answers.
package enum WorkerResponse: Equatable, Sendable {
    case text(String)
    /// 24 kHz samples; more may come.
    case audio([Int16])
    /// The end of the audio.
    case finished
    case probability(Float)
    case failure(SpeechError)
    /// For each part that cannot be used, why.
    case parts([SpeechPart: SpeechError])

    /// The frame of this answer.
    package func frame(_ request: UInt32) -> WireFrame {
        var payload: [UInt8] = []
        switch self {
        case .text(let text): payload = Array(text.utf8)
        case .audio(let samples): payload.append(numbers: samples)
        case .finished: break
        case .probability(let value): payload.append(number: value)
        case .failure(let error): payload = Array(error.json.text(.compact).utf8)
        case .parts(let parts):
            let members = parts.map { ($0.key.rawValue, $0.value.json) }
            payload = Array(JSONValue.object(JSONObject(members)).text(.compact).utf8)
        }
        return WireFrame(kind: kind, request: request, payload: payload)
    }

    private var kind: UInt8 {
        switch self {
        case .text: 64
        case .audio: 65
        case .finished: 66
        case .probability: 67
        case .failure: 68
        case .parts: 69
        }
    }

    /// The answer in a frame; nil when there is none.
    package init?(_ frame: WireFrame) {
        var scanner = ByteScanner(frame.payload[...])
        switch frame.kind {
        case 64: self = .text(String(decoding: frame.payload, as: UTF8.self))
        case 65:
            guard let samples = scanner.numbers(Int16.self) else { return nil }
            self = .audio(samples)
        case 66: self = .finished
        case 67:
            guard let value = scanner.number(Float.self) else { return nil }
            self = .probability(value)
        case 68:
            guard let value = try? JSONValue(parsing: frame.payload), let error = SpeechError(json: value)
            else { return nil }
            self = .failure(error)
        case 69:
            guard let object = (try? JSONValue(parsing: frame.payload))?.object else { return nil }
            var parts: [SpeechPart: SpeechError] = [:]
            for (name, value) in object {
                guard let part = SpeechPart(rawValue: name), let error = SpeechError(json: value) else { return nil }
                parts[part] = error
            }
            self = .parts(parts)
        default: return nil
        }
    }
}

extension SpeechError {
    /// The error as it crosses the process boundary.
    fileprivate var json: JSONValue {
        switch self {
        case .missingPart(let part): ["missingPart", .string(part.rawValue)]
        case .missingLibrary(let name, let package, let reason):
            ["missingLibrary", .string(name), .string(package), .string(reason)]
        case .unusablePart(let part, let reason): ["unusablePart", .string(part.rawValue), .string(reason)]
        case .unknownVoice(let name): ["unknownVoice", .string(name)]
        case .invalidInput(let reason): ["invalidInput", .string(reason)]
        case .failed(let reason): ["failed", .string(reason)]
        case .workerEnded: ["workerEnded"]
        case .workerUnavailable(let reason): ["workerUnavailable", .string(reason)]
        }
    }

    fileprivate init?(json: JSONValue) {
        let texts = json.array?.compactMap(\.string) ?? []
        switch (texts.first, texts.count) {
        case ("missingPart", 2):
            guard let part = SpeechPart(rawValue: texts[1]) else { return nil }
            self = .missingPart(part)
        case ("missingLibrary", 4): self = .missingLibrary(name: texts[1], package: texts[2], reason: texts[3])
        case ("unusablePart", 3):
            guard let part = SpeechPart(rawValue: texts[1]) else { return nil }
            self = .unusablePart(part, reason: texts[2])
        case ("unknownVoice", 2): self = .unknownVoice(texts[1])
        case ("invalidInput", 2): self = .invalidInput(texts[1])
        case ("failed", 2): self = .failed(texts[1])
        case ("workerEnded", 1): self = .workerEnded
        case ("workerUnavailable", 2): self = .workerUnavailable(reason: texts[1])
        default: return nil
        }
    }
}
