/// What all of a server's handlers share.
package final class ServerState: Sendable {
    package let slot: ModelSlot
    package let options: ServerOptions
    package let metrics: ServerMetrics
    let gate: RequestGate
    let routes: Routes
    let connections = ConnectionTable()

    package init(slot: ModelSlot, options: ServerOptions, added: [ServedPath] = []) {
        self.slot = slot
        self.options = options
        routes = Routes(added: added)
        metrics = ServerMetrics(modelName: options.servedModelNames.first ?? "", routes: routes)
        gate = RequestGate(grace: .seconds(options.limits.shutdownSeconds))
    }

    /// The name replies carry.
    var modelName: String { options.servedModelNames.first ?? "" }

    /// - Throws: 404 when the request asks for another model.
    func checkModel(_ name: String?) throws(APIError) {
        guard let name, !options.servedModelNames.contains(name) else { return }
        throw .notFound(
            "The model `\(name.prefix(200))` does not exist. This server has: "
                + options.servedModelNames.joined(separator: ", ") + ".", parameter: "model")
    }
}
