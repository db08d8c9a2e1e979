import ArgumentParser
import Serving

/// The options of the server itself.
struct ServerArguments: ParsableArguments {
    @Option(OptionTable.host) var host: String?
    @Option(OptionTable.port) var port: Int?
    @Option(OptionTable.apiKey) var apiKey: [String]?
    @Option(OptionTable.servedModelName) var servedModelName: [String]?
    @Option(OptionTable.allowedOrigins) var allowedOrigins: [String]?
    @Flag(OptionTable.enableAutoToolChoice) var enableAutoToolChoice: Bool?
    @Option(OptionTable.toolCallParser) var toolCallParser: String?
    @Option(OptionTable.reasoningParser) var reasoningParser: String?

    /// - Parameter modelName: what the model is called when no name is given.
    func serverOptions(_ configuration: Configuration, modelName: String) throws -> ServerOptions {
        var options = ServerOptions()
        options.host = try configuration.value(OptionTable.host, host)
        options.port = try configuration.value(OptionTable.port, port)
        options.apiKeys = try configuration.optional(OptionTable.apiKey, apiKey) ?? []
        try refuseOpenDoor(options)
        options.servedModelNames =
            try configuration.optional(OptionTable.servedModelName, servedModelName) ?? [modelName]
        options.crossOrigin.origins = try configuration.value(OptionTable.allowedOrigins, allowedOrigins)
        options.chat.enablesAutoToolChoice = try configuration.value(
            OptionTable.enableAutoToolChoice, enableAutoToolChoice)
        options.chat.toolCallParser = try configuration.value(OptionTable.toolCallParser, toolCallParser)
        options.chat.reasoningParser = try configuration.optional(OptionTable.reasoningParser, reasoningParser)
        options.rootPage = chatPage
        options.version = Annie.version
        return options
    }

    private func refuseOpenDoor(_ options: ServerOptions) throws {
        guard options.apiKeys.isEmpty, !isLoopback(options.host) else { return }
        throw ValidationError(
            """
            --host \(options.host) can be reached from other machines, and without --api-key anyone there could use the \
            model. Give --api-key KEY, or keep to 127.0.0.1.
            """)
    }
}

/// Whether only this machine can reach the address.
package func isLoopback(_ host: String) -> Bool {
    let host = host.lowercased()
    if host == "localhost" || host == "::1" || host == "[::1]" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return parts.count == 4 && !parts.contains(nil) && parts[0] == 127
}
