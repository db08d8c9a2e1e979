import ArgumentParser
import Serving

/// The options of the server itself.
struct ServerArguments: ParsableArguments {
    @Option(OptionTable.host) var host: String?
    @Option(OptionTable.port) var port: Int?
    @Option(OptionTable.apiKey) var apiKey: [String]?
    @Option(OptionTable.servedModelName) var servedModelName: [String]?
    @Option(OptionTable.tlsCertificate) var tlsCert: String?
    @Option(OptionTable.tlsKey) var tlsKey: String?
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
        options.tls = try tlsFiles(configuration)
        options.servedModelNames =
            try configuration.optional(OptionTable.servedModelName, servedModelName) ?? [modelName]
        options.crossOrigin.origins = try configuration.value(OptionTable.allowedOrigins, allowedOrigins)
        options.chat.enablesAutoToolChoice = try configuration.value(
            OptionTable.enableAutoToolChoice, enableAutoToolChoice)
        options.chat.toolCallParser = Self.parser(
            try configuration.value(OptionTable.toolCallParser, toolCallParser))
        options.chat.reasoningParser = Self.parser(
            try configuration.value(OptionTable.reasoningParser, reasoningParser))
        options.version = Annie.version
        return options
    }

    private static func parser(_ name: String) -> String? { name == "none" ? nil : name }

    private func tlsFiles(_ configuration: Configuration) throws -> TLSFiles? {
        let certificate = try configuration.optional(OptionTable.tlsCertificate, tlsCert)
        let key = try configuration.optional(OptionTable.tlsKey, tlsKey)
        switch (certificate, key) {
        case (let certificate?, let key?): return TLSFiles(certificate: certificate, key: key)
        case (nil, nil): return nil
        case (_?, nil):
            throw ValidationError("--tls-cert needs --tls-key: the file with the certificate's private key.")
        case (nil, _?): throw ValidationError("--tls-key needs --tls-cert: the file with the certificate.")
        }
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
