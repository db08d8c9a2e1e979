/// Keeps a share of the conversations out of training, by a hash of what the user says first: the same ones in every
/// run, wherever they stand, and never one whose opening is learned elsewhere.
public struct HeldOutSplit: Sendable, Equatable {
    /// The share that is held out.
    public var fraction: Double
    /// Another salt holds out others.
    public var salt: UInt64

    /// A split.
    ///
    /// - Precondition: `fraction` is at least 0 and below 1.
    public init(fraction: Double, salt: UInt64 = 0) {
        precondition((0..<1).contains(fraction), "the share that is held out must be at least 0 and below 1")
        self.fraction = fraction
        self.salt = salt
    }

    /// Whether the conversation is held out.
    public func holdsOut(_ conversation: TrainingConversation) -> Bool {
        let opening = conversation.messages.first { $0.role == .user }?.content ?? ""
        var hash = StableHash(salt: salt)
        for word in Words.spoken(in: opening) { hash.add(word) }
        return Double(hash.value >> 11) * 0x1p-53 < fraction
    }
}

/// FNV-1a with a finishing mix: the same on every machine and in every run, unlike Swift's own.
struct StableHash {
    private var state: UInt64

    init(salt: UInt64 = 0) { state = 0xCBF2_9CE4_8422_2325 ^ (salt &* 0x9E37_79B9_7F4A_7C15) }

    mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
        add(0xFF)
    }

    private mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }

    var value: UInt64 {
        var mixed = SeededGenerator(seed: state)
        return mixed.next()
    }
}

/// Words as they sound: lower case, without punctuation, and without the notes that stand in square brackets.
enum Words {
    static func spoken(in text: String) -> [String] {
        let lines = text.split(whereSeparator: \.isNewline).filter { !($0.hasPrefix("[") && $0.hasSuffix("]")) }
        return lines.joined(separator: " ").lowercased()
            .split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }.map(String.init)
    }
}
