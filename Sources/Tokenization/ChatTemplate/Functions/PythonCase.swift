/// Upper and lower case as Python sees it.
enum PythonCase {
    static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        return first.properties.titlecaseMapping + String(text.unicodeScalars.dropFirst()).lowercased()
    }

    /// `str.title`: each run of letters starts in title case.
    static func titled(_ text: String) -> String {
        var output = ""
        var isInWord = false
        for scalar in text.unicodeScalars {
            output += isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            isInWord = scalar.properties.isCased
        }
        return output
    }

    /// Jinja's `title` filter: words also start after brackets and hyphens, but not after other punctuation.
    static func titledWords(_ text: String) -> String {
        let separators = Set("-({[<".unicodeScalars)
        var output = ""
        var word = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard separators.contains(scalar) || PythonString.isSpace(scalar) else {
                word.append(scalar)
                continue
            }
            output += titledWord(word)
            word = String.UnicodeScalarView()
            output.unicodeScalars.append(scalar)
        }
        return output + titledWord(word)
    }

    private static func titledWord(_ word: String.UnicodeScalarView) -> String {
        guard let first = word.first else { return "" }
        return first.properties.uppercaseMapping + String(word.dropFirst()).lowercased()
    }

    static func swapped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            output += properties.isUppercase ? properties.lowercaseMapping : properties.uppercaseMapping
        }
        return output
    }

    /// The `is…` methods.
    static func holds(_ method: StringMethod, of text: String) -> Bool {
        let scalars = text.unicodeScalars
        switch method {
        case .isascii: return scalars.allSatisfy(\.isASCII)
        case .isprintable: return scalars.allSatisfy(PythonString.isPrintable)
        case .islower: return scalars.contains(where: \.properties.isCased) && !scalars.contains(where: isUpper)
        case .isupper:
            return scalars.contains(where: \.properties.isCased) && !scalars.contains(where: \.properties.isLowercase)
        case .istitle: return isTitle(text)
        case .isidentifier: return isIdentifier(text)
        default: return !text.isEmpty && scalars.allSatisfy { holds(method, of: $0.properties, $0) }
        }
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isUppercase || scalar.properties.generalCategory == .titlecaseLetter
    }

    private static func holds(
        _ method: StringMethod, of properties: Unicode.Scalar.Properties, _ scalar: Unicode.Scalar
    ) -> Bool {
        switch method {
        case .isspace: return PythonString.isSpace(scalar)
        case .isdecimal: return properties.numericType == .decimal
        case .isdigit: return properties.numericType == .decimal || properties.numericType == .digit
        case .isnumeric: return properties.numericType != nil
        case .isalpha: return isLetter(properties)
        case .isalnum: return isLetter(properties) || properties.numericType != nil
        default: return false
        }
    }

    /// What a regular expression's `\w` matches.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || isLetter(scalar.properties) || scalar.properties.numericType != nil
    }

    private static func isLetter(_ properties: Unicode.Scalar.Properties) -> Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    private static func isTitle(_ text: String) -> Bool {
        var isInWord = false
        var hasCase = false
        for scalar in text.unicodeScalars {
            if isUpper(scalar) {
                if isInWord { return false }
                (isInWord, hasCase) = (true, true)
            } else if scalar.properties.isLowercase {
                guard isInWord else { return false }
                hasCase = true
            } else {
                isInWord = false
            }
        }
        return hasCase
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
        return text.unicodeScalars.dropFirst().allSatisfy(\.properties.isXIDContinue)
    }
}
