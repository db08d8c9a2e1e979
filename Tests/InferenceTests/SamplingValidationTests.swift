import Inference
import Testing

@Suite struct SamplingValidationTests {
    /// A change that makes valid values invalid, and the parameter the error should name.
    struct Fault<Value: Sendable>: Sendable {
        var name: String
        var change: @Sendable (inout Value) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout Value) -> Void) {
            self.name = name
            self.change = change
        }
    }

    static let samplingFaults: [Fault<SamplingParameters>] = [
        Fault("temperature") { $0.temperature = -0.1 }, Fault("temperature") { $0.temperature = .nan },
        Fault("temperature") { $0.temperature = .infinity }, Fault("top_p") { $0.topP = 0 },
        Fault("top_p") { $0.topP = 1.1 }, Fault("top_k") { $0.topK = -2 }, Fault("min_p") { $0.minP = -0.1 },
        Fault("min_p") { $0.minP = 1.5 }, Fault("repetition_penalty") { $0.repetitionPenalty = 0 },
        Fault("presence_penalty") { $0.presencePenalty = 2.5 },
        Fault("frequency_penalty") { $0.frequencyPenalty = -2.5 }, Fault("logit_bias") { $0.logitBias = [3: 101] },
        Fault("logit_bias") { $0.logitBias = [100: 1] }, Fault("allowed_token_ids") { $0.allowedTokens = [] },
        Fault("allowed_token_ids") { $0.allowedTokens = [-1] }, Fault("bad_words") { $0.badWords = [[]] },
        Fault("bad_words") { $0.badWords = [[1, 100]] },
    ]

    @Test(arguments: samplingFaults.indices)
    func aValueOutOfRangeIsNamed(index: Int) {
        let fault = Self.samplingFaults[index]
        var parameters = SamplingParameters()
        fault.change(&parameters)
        #expect {
            try parameters.validate(vocabularySize: 100)
        } throws: { error in
            guard case .invalidParameter(fault.name, let message) = error as? GenerationError else { return false }
            return message.hasPrefix(fault.name)
        }
    }

    @Test func theMessageSaysWhatWasFoundAndExpected() {
        var parameters = SamplingParameters()
        parameters.topP = 2
        #expect(throws: GenerationError.invalidParameter(name: "top_p", message: "top_p must be in (0, 1], got 2.0.")) {
            try parameters.validate()
        }
    }

    @Test func boundsThemselvesAreTaken() throws {
        var parameters = SamplingParameters()
        parameters.temperature = 0
        parameters.topK = -1
        parameters.minP = 1
        parameters.presencePenalty = -2
        parameters.frequencyPenalty = 2
        parameters.logitBias = [0: -100, 99: 100]
        try parameters.validate(vocabularySize: 100)
    }

    static let stopFaults: [Fault<StopConditions>] = [
        Fault("max_tokens") { $0.maximumTokens = 0 }, Fault("min_tokens") { $0.minimumTokens = -1 },
        Fault("min_tokens") { $0.minimumTokens = 17 }, Fault("stop") { $0.strings = ["a", ""] },
    ]

    @Test(arguments: stopFaults.indices)
    func aStopConditionOutOfRangeIsNamed(index: Int) {
        let fault = Self.stopFaults[index]
        var stop = StopConditions(maximumTokens: 16)
        fault.change(&stop)
        #expect {
            try stop.validate()
        } throws: { error in
            guard case .invalidParameter(fault.name, _) = error as? GenerationError else { return false }
            return true
        }
    }
}
