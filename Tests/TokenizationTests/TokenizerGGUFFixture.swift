import Foundation
import Testing
import Tokenization

/// Reads the tokenizer's keys of a GGUF file, and nothing else of it.
struct GGUFHeader {
    private enum Value {
        case integer(Int)
        case text(String)
        case texts([String])
        case integers([Int])
        case other
    }

    private let bytes: Data
    private var position = 24
    private var values: [String: Value] = [:]

    static func tokenizer(of file: URL) throws -> GGUFTokenizerMetadata {
        var header = GGUFHeader(bytes: try Data(contentsOf: file, options: .mappedIfSafe))
        let count: UInt64 = header.bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self) }
        for _ in 0..<count {
            let key = header.string()
            header.values[key] = header.value(type: header.number(UInt32.self))
        }
        return try header.metadata()
    }

    private init(bytes: Data) { self.bytes = bytes }

    private func metadata() throws -> GGUFTokenizerMetadata {
        guard case .texts(let tokens) = values["tokenizer.ggml.tokens"],
            case .integers(let types) = values["tokenizer.ggml.token_type"],
            case .texts(let merges) = values["tokenizer.ggml.merges"]
        else { throw CocoaError(.fileReadCorruptFile) }
        return GGUFTokenizerMetadata(
            model: text("tokenizer.ggml.model") ?? "", pretokenizer: text("tokenizer.ggml.pre") ?? "default",
            tokens: tokens, tokenTypes: types, merges: merges,
            beginningOfSequenceID: integer("tokenizer.ggml.bos_token_id"),
            endOfSequenceID: integer("tokenizer.ggml.eos_token_id"),
            unknownID: integer("tokenizer.ggml.unknown_token_id"),
            paddingID: integer("tokenizer.ggml.padding_token_id"),
            addsBeginningOfSequence: integer("tokenizer.ggml.add_bos_token").map { $0 != 0 },
            chatTemplate: text("tokenizer.chat_template"))
    }

    private func text(_ key: String) -> String? {
        guard case .text(let text) = values[key] else { return nil }
        return text
    }

    private func integer(_ key: String) -> Int? {
        guard case .integer(let value) = values[key] else { return nil }
        return value
    }

    private mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number {
        defer { position += MemoryLayout<Number>.size }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Number.self) }
    }

    private mutating func string() -> String {
        let count = Int(number(UInt64.self))
        defer { position += count }
        return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }

    private mutating func value(type: UInt32) -> Value {
        switch type {
        case 0, 1, 7: return .integer(Int(number(UInt8.self)))
        case 2, 3: return .integer(Int(number(Int16.self)))
        case 4, 5: return .integer(Int(number(Int32.self)))
        case 6:
            position += 4
            return .other
        case 8: return .text(string())
        case 9: return array(type: number(UInt32.self), count: Int(number(UInt64.self)))
        default:
            position += 8
            return .other
        }
    }

    private mutating func array(type: UInt32, count: Int) -> Value {
        if type == 8 { return .texts((0..<count).map { _ in string() }) }
        return .integers(
            (0..<count).map { _ in
                if case .integer(let value) = value(type: type) { value } else { 0 }
            })
    }
}
