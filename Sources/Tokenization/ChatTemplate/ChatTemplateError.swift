/// Why a chat template could not be compiled, or could not render a conversation.
///
/// A server answers every kind with HTTP 400: the template or the messages are at fault, never the engine.
public struct ChatTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, as a caller would tell cases apart.
    public enum Kind: String, Sendable {
        /// The template's source is not valid Jinja, or uses a part of it that is not supported.
        case syntax
        /// A missing variable, attribute or element was used.
        case undefined
        /// The sandbox forbids it: changing a list or mapping of the conversation, or reaching into internals.
        case security
        /// The template called `raise_exception`; the message is the template's own words.
        case raised
        /// An operation that its operands do not allow, such as adding a number to a string.
        case evaluation
        /// Too many steps, too much output, or nested too deeply.
        case limit
        /// The messages cannot be given to a template, for example tool-call arguments that are no JSON object.
        case messages
        /// The checkpoint's files hold no usable template.
        case file
    }

    /// What went wrong.
    public let kind: Kind
    /// What was found and what was expected; for `.raised`, the template's own words.
    public let message: String
    /// The template's line, counted from 1, where it is known.
    public internal(set) var line: Int?

    /// An error of that kind.
    public init(_ kind: Kind, _ message: String, line: Int? = nil) {
        self.kind = kind
        self.message = message
        self.line = line
    }

    /// The message, with the template's line where that helps.
    public var description: String {
        switch kind {
        case .raised, .messages, .file: message
        default: line.map { "chat template, line \($0): \(message)" } ?? "chat template: \(message)"
        }
    }
}

extension ChatTemplateError {
    static func syntax(_ message: String, line: Int) -> ChatTemplateError {
        ChatTemplateError(.syntax, message, line: line)
    }

    static func evaluation(_ message: String) -> ChatTemplateError { ChatTemplateError(.evaluation, message) }

    static func limit(_ message: String) -> ChatTemplateError { ChatTemplateError(.limit, message) }
}
