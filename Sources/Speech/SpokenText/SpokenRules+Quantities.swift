extension SpokenRules {
    /// What stands behind a number and makes it a quantity: `%`, `°C`, `km`, `€`, `million`.
    static func quantity(_ number: SpokenNumber, _ scanner: inout TextScanner) -> String? {
        var ahead = scanner
        let hasSpace = ahead.take(" ")
        if ahead.take("%") || ahead.take("percent") {
            scanner = ahead
            return number.words + " percent"
        }
        if let sign = ahead.peek(), let currency = currencies[sign] {
            _ = ahead.next()
            guard ahead.isAtBoundary else { return nil }
            scanner = ahead
            return amount(number, currency)
        }
        if !hasSpace, let factor = factors.first(where: { ahead.take($0.sign) }) {
            guard ahead.isAtBoundary else { return unit(number, &scanner) }
            scanner = ahead
            return number.words + " " + factor.words
        }
        return unit(number, &scanner)
    }

    private static func unit(_ number: SpokenNumber, _ scanner: inout TextScanner) -> String? {
        for unit in units {
            var ahead = scanner
            _ = ahead.take(" ")
            guard ahead.take(unit.sign), ahead.isAtBoundary else { continue }
            scanner = ahead
            return number.words + " " + (number.isOne && !number.isNegative ? unit.one : unit.many)
        }
        return nil
    }

    /// `$5.50`, `£2.5 million`.
    static func money(_ scanner: inout TextScanner) -> String? {
        guard let sign = scanner.next(), let currency = currencies[sign], scanner.peek()?.isDigit ?? false,
            let number = SpokenNumber(&scanner)
        else { return nil }
        var ahead = scanner
        for factor in factors where ahead.take(factor.sign) && ahead.isAtBoundary {
            scanner = ahead
            return number.words + " " + factor.words + " " + currency.many
        }
        ahead = scanner
        _ = ahead.take(" ")
        if let word = ahead.word(), ["thousand", "million", "billion", "trillion"].contains(word) {
            scanner = ahead
            return number.words + " " + word + " " + currency.many
        }
        return amount(number, currency)
    }

    private static func amount(_ number: SpokenNumber, _ currency: Currency) -> String {
        let sign = number.isNegative ? "minus " : ""
        let whole =
            sign + NumberWords.cardinal(number.whole) + " " + (Int(number.whole) == 1 ? currency.one : currency.many)
        guard let fraction = number.fraction else { return whole }
        guard fraction.count == 2, let cents = Int(fraction), let coin = currency.coin else {
            return number.words + " " + currency.many
        }
        if cents == 0 { return whole }
        let small = NumberWords.cardinal(cents) + " " + (cents == 1 ? coin.one : coin.many)
        return Int(number.whole) == 0 ? sign + small : whole + " and " + small
    }

    private struct Currency {
        let one: String
        let many: String
        let coin: (one: String, many: String)?
    }

    private static let currencies: [Character: Currency] = [
        "$": Currency(one: "dollar", many: "dollars", coin: ("cent", "cents")),
        "€": Currency(one: "euro", many: "euros", coin: ("cent", "cents")),
        "£": Currency(one: "pound", many: "pounds", coin: ("penny", "pence")),
        "¥": Currency(one: "yen", many: "yen", coin: nil),
        "₹": Currency(one: "rupee", many: "rupees", coin: ("paisa", "paise")),
    ]

    private static let factors: [(sign: String, words: String)] = [
        ("bn", "billion"), ("k", "thousand"), ("K", "thousand"), ("M", "million"), ("B", "billion"),
    ]

    /// Longer signs before those they begin with.
    private static let units: [(sign: String, one: String, many: String)] = [
        ("°C", "degree Celsius", "degrees Celsius"),
        ("°F", "degree Fahrenheit", "degrees Fahrenheit"), ("℃", "degree Celsius", "degrees Celsius"),
        ("℉", "degree Fahrenheit", "degrees Fahrenheit"), ("°", "degree", "degrees"),
        ("km/h", "kilometer per hour", "kilometers per hour"), ("kph", "kilometer per hour", "kilometers per hour"),
        ("mph", "mile per hour", "miles per hour"), ("m/s", "meter per second", "meters per second"),
        ("km²", "square kilometer", "square kilometers"), ("m²", "square meter", "square meters"),
        ("m³", "cubic meter", "cubic meters"), ("km", "kilometer", "kilometers"), ("cm", "centimeter", "centimeters"),
        ("mm", "millimeter", "millimeters"), ("mi", "mile", "miles"), ("ft", "foot", "feet"), ("yd", "yard", "yards"),
        ("kg", "kilogram", "kilograms"), ("mg", "milligram", "milligrams"), ("lbs", "pound", "pounds"),
        ("lb", "pound", "pounds"), ("oz", "ounce", "ounces"), ("ml", "milliliter", "milliliters"),
        ("mL", "milliliter", "milliliters"), ("kWh", "kilowatt hour", "kilowatt hours"),
        ("kW", "kilowatt", "kilowatts"), ("GHz", "gigahertz", "gigahertz"), ("MHz", "megahertz", "megahertz"),
        ("kHz", "kilohertz", "kilohertz"), ("Hz", "hertz", "hertz"), ("TB", "terabyte", "terabytes"),
        ("GB", "gigabyte", "gigabytes"), ("MB", "megabyte", "megabytes"), ("kB", "kilobyte", "kilobytes"),
        ("KB", "kilobyte", "kilobytes"), ("Gbps", "gigabit per second", "gigabits per second"),
        ("Mbps", "megabit per second", "megabits per second"), ("hrs", "hour", "hours"), ("hr", "hour", "hours"),
        ("mins", "minute", "minutes"), ("min", "minute", "minutes"), ("secs", "second", "seconds"),
        ("sec", "second", "seconds"), ("ms", "millisecond", "milliseconds"), ("m", "meter", "meters"),
        ("g", "gram", "grams"), ("l", "liter", "liters"), ("L", "liter", "liters"), ("h", "hour", "hours"),
        ("s", "second", "seconds"), ("W", "watt", "watts"), ("V", "volt", "volts"),
    ]
}
