import ArgumentParser
import Companion
import Speech
import Voice
import WebRTC

/// The options of calls.
struct CallArguments: ParsableArguments {
    @Flag(OptionTable.voice) var voice: Bool?
    @Option(OptionTable.callPort) var callPort: Int?
    @Option(OptionTable.maxCalls) var maxCalls: Int?
    @Option(OptionTable.endOfTurn) var endOfTurn: TurnEnd?
    @Flag(OptionTable.greets) var greeting: Bool?

    /// Calls come in where the pages are served.
    func webRTCOptions(_ configuration: Configuration, host: String) throws -> WebRTCOptions {
        WebRTCOptions(
            host: host, port: try configuration.value(OptionTable.callPort, callPort),
            maximumConnections: try configuration.value(OptionTable.maxCalls, maxCalls))
    }

    func callOptions(_ configuration: Configuration, persona: Persona) throws -> CallOptions {
        var options = CallOptions()
        options.voice = VoiceSettings(name: persona.voiceName, speed: persona.voiceSpeed)
        options.version = Annie.version
        if try configuration.value(OptionTable.greets, greeting) { options.greeting = persona.greeting }
        switch try configuration.value(OptionTable.endOfTurn, endOfTurn) {
        case .smart: options.endOfTurn = SmartTurn()
        case .silence: options.endOfTurn = SilenceTimer()
        }
        return options
    }
}
