/// Gives 16-bit sequence numbers, which begin again every 22 minutes of sound, numbers that do not.
package struct SequenceUnwrapper {
    /// The number given last.
    package private(set) var last: Int?

    package init() {}

    /// The number that is nearest to the last one.
    package mutating func unwrap(_ number: UInt16) -> Int {
        let unwrapped =
            last.map { $0 + Int(Int16(bitPattern: number &- UInt16(truncatingIfNeeded: $0))) } ?? Int(number)
        last = unwrapped
        return unwrapped
    }
}
