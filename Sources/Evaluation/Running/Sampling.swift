/// How a model's replies are drawn.
public struct Sampling: Sendable, Hashable {
    /// 0 is greedy.
    public var temperature: Double
    /// Which sample of that temperature it is, from 0.
    public var number: Int

    /// The so-and-so-manieth sample at a temperature.
    public init(temperature: Double = 0, number: Int = 0) {
        self.temperature = temperature
        self.number = number
    }

    /// One greedy sample, and so many at every temperature above 0.
    public static func all(temperatures: [Double], samples: Int) -> [Sampling] {
        temperatures.flatMap { temperature in
            (0..<(temperature == 0 ? 1 : max(1, samples))).map { Sampling(temperature: temperature, number: $0) }
        }
    }

    /// The seed of a scenario's sample: the same in every run, another for every scenario and sample.
    func seed(for scenario: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in "\(scenario)#\(number)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return (hash ^ hash >> 32) & 0x7FFF_FFFF
    }
}
