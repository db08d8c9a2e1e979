import Foundation
import Hummingbird
import Inference
import JSON

/// `GET /v1/models` and `GET /v1/models/{id}`.
struct ModelsEndpoint: Sendable {
    let server: ServerState
    private let created = Int(Date().timeIntervalSince1970)

    init(server: ServerState) { self.server = server }

    func list() throws -> Response {
        let model = try server.slot.generator().model
        let cards = server.options.servedModelNames.map { card($0, model) }
        return Response(json: ["object": "list", "data": .array(cards)])
    }

    func one(_ context: ServingContext) throws -> Response {
        // Names may hold slashes, as Hugging Face's do.
        let name = context.parameters.getCatchAll().joined(separator: "/")
        let model = try server.slot.generator().model
        try server.checkModel(name.removingPercentEncoding ?? name)
        return Response(json: card(name.removingPercentEncoding ?? name, model))
    }

    private func card(_ name: String, _ model: ServedModel) -> JSONValue {
        [
            "id": .string(name), "object": "model", "created": .integer(created), "owned_by": "annie",
            "root": .string(server.modelName), "parent": .null, "max_model_len": .integer(model.contextLength),
            "architecture": .string(model.architecture), "permission": [permission(name)],
        ]
    }

    /// Of no meaning today, but some older clients read it.
    private func permission(_ name: String) -> JSONValue {
        [
            "id": .string("modelperm-\(name)"), "object": "model_permission", "created": .integer(created),
            "allow_create_engine": false, "allow_sampling": true, "allow_logprobs": true,
            "allow_search_indices": false, "allow_view": true, "allow_fine_tuning": false, "organization": "*",
            "group": .null, "is_blocking": false,
        ]
    }
}
