import Foundation
import JSON
import Tokenization

/// Templates and expected renderings that were made with the real Jinja.
enum ChatTemplateFixtures {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/template")

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: directory.appending(path: name)))
    }

    static func template(_ name: String) throws -> ChatTemplate {
        let source = try String(contentsOf: directory.appending(path: "\(name)_chat_template.jinja"), encoding: .utf8)
        return try ChatTemplate(source: source)
    }
}
