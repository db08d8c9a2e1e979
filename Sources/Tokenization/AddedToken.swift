/// A token that is found in the text as it stands, before any splitting or merging.
public struct AddedToken: Sendable, Equatable {
    /// Its id.
    public var id: Int32
    /// Its text.
    public var content: String
    /// Whether it controls the model (`<|im_end|>`) and is left out of text for people.
    public var isSpecial: Bool
    /// Whether it is looked for in the normalised text instead of the original.
    public var isNormalized: Bool
    /// Whether it takes the white space before it.
    public var stripsLeft: Bool
    /// Whether it takes the white space after it.
    public var stripsRight: Bool
    /// Whether it counts only when no letter, digit or underscore touches it.
    public var isSingleWord: Bool

    /// A token with the options of a plain control token unless stated otherwise.
    public init(
        id: Int32, content: String, isSpecial: Bool = true, isNormalized: Bool = false, stripsLeft: Bool = false,
        stripsRight: Bool = false, isSingleWord: Bool = false
    ) {
        self.id = id
        self.content = content
        self.isSpecial = isSpecial
        self.isNormalized = isNormalized
        self.stripsLeft = stripsLeft
        self.stripsRight = stripsRight
        self.isSingleWord = isSingleWord
    }
}
