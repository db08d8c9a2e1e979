import Checkpoints

/// Under which names a checkpoint holds its decoder: alone, or beside a vision tower.
public struct TensorLayout: Sendable, Equatable {
    /// Stands before `embed_tokens`, `layers` and `norm`: `model.`, `model.language_model.`, …
    public let decoder: String
    /// The matrix from hidden states to logits, where it is not the embedding's.
    public let head: String
    /// Stands before `fc`, `layers` and `norm` of the head that guesses further tokens; nil where there is none.
    public let draft: String?

    /// A decoder on its own.
    public static let textOnly = TensorLayout(decoder: "model.", head: "lm_head", draft: "mtp.")

    /// The layout with these names.
    public init(decoder: String, head: String, draft: String? = nil) {
        self.decoder = decoder
        self.head = head
        self.draft = draft
    }

    /// The layout that a configuration is published with.
    public init(_ configuration: ModelConfiguration) {
        let isNested = configuration.json["text_config"]?.object != nil
        self = isNested ? TensorLayout(decoder: "model.language_model.", head: "lm_head", draft: "mtp.") : .textOnly
    }

    /// The layout that a checkpoint really has, told by where its embeddings are; nil when it has none.
    public init?(_ checkpoint: Checkpoint) {
        let embeddings = "embed_tokens.weight"
        let names = checkpoint.names.filter { name in
            name.hasSuffix(embeddings) && !name.split(separator: ".").contains { $0 == "visual" || $0 == "mtp" }
        }
        guard names.count == 1, let name = names.first else { return nil }
        let head = checkpoint.names.first { $0 == "lm_head.weight" || $0.hasSuffix(".lm_head.weight") }
        self.init(
            decoder: String(name.dropLast(embeddings.count)),
            head: head.map { String($0.dropLast(".weight".count)) } ?? "lm_head", draft: Self.draft(in: checkpoint))
    }

    private static func draft(in checkpoint: Checkpoint) -> String? {
        let joint = "fc.weight"
        let name = checkpoint.names.first { $0 == "mtp.\(joint)" || $0.hasSuffix(".mtp.\(joint)") }
        return name.map { String($0.dropLast(joint.count)) }
    }
}
