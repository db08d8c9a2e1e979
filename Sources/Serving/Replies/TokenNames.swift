import Inference
import JSON
import Tokenization

/// How tokens are written in log-probability reports.
struct TokenNames {
    let tokenizer: Tokenizer?
    /// Write `token_id:123` for every token, which is never ambiguous.
    let byID: Bool

    /// A token's text; `bytes:\xNN…` where its bytes are no whole characters.
    func name(_ token: Int32) -> String {
        guard !byID, let bytes = bytes(token) else { return "token_id:\(token)" }
        return String(validating: bytes, as: UTF8.self)
            ?? "bytes:" + bytes.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A token's bytes, or nil if nobody knows them.
    func bytes(_ token: Int32) -> [UInt8]? { tokenizer?.bytes(of: token) }

    /// The text of tokens as a reader would see it.
    func text(_ tokens: [Int32]) -> String { tokenizer?.decode(tokens) ?? "" }

    /// A log-probability as JSON can carry it: impossible tokens get vLLM's -9999.
    static func value(_ logprob: Float) -> JSONValue { .number(logprob.isFinite ? Double(logprob) : -9999) }
}
