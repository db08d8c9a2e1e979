import Foundation
import JSON

/// What every chunk and reply to one request says about itself.
struct ReplyHeader: Sendable {
    var id: String
    var model: String
    var created = Int(Date().timeIntervalSince1970)

    /// An object that starts with the header.
    func object(_ kind: String) -> JSONObject {
        JSONObject([
            ("id", .string(id)), ("object", .string(kind)), ("created", .integer(created)), ("model", .string(model)),
        ])
    }
}
