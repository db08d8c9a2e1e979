/// Whether a reply owns that something is not known, and whether it makes something up all the same.
package enum Memory {
    /// Says, in the first person, that she does not know or remember.
    package static func admitsIgnorance(_ text: String) -> Bool {
        let plain = Pattern.plain(text)
        return admissions.contains { $0.matches(plain) }
    }

    /// Tells what was supposedly said or known, though she has nothing to go by; nil: she does not.
    package static func invention(in text: String) -> String? {
        for sentence in Sentences.split(text) {
            let plain = Pattern.plain(sentence)
            if let guess = guesses.lazy.compactMap({ $0.firstMatch(in: plain) }).first { return guess }
            if admissions.contains(where: { $0.matches(plain) }) || plain.hasSuffix("?") { continue }
            if invitations.contains(where: { $0.matches(plain) }) { continue }
            if let claim = claims.lazy.compactMap({ $0.firstMatch(in: plain) }).first { return claim }
        }
        return nil
    }

    private static let adverbs =
        "(?:(?:really|honestly|actually|just|also|still|simply|quite|exactly|specifically|currently|yet|even|unfortunately|truly|clearly|fully|personally|seem to|think i|believe i|happen to|remotely) )*"

    private static let admissions = [
        Pattern(
            "\\bi \(adverbs)(don't|do not|can't|cannot|can not|couldn't|could not|didn't|did not) \(adverbs)(remember|recall|recollect)\\b"
        ),
        Pattern(
            "\\bi \(adverbs)(don't|do not|can't|cannot|couldn't|could not) \(adverbs)know\\b(?! (about you|how to thank|why not))"
        ),
        Pattern("\\bi \(adverbs)(don't|do not) \(adverbs)have (?!to\\b|time\\b|feelings\\b|a (body|favou?rite))"),
        Pattern(
            "\\bi \(adverbs)(can't|cannot|couldn't|could not|didn't|did not|don't|do not|am unable to|was unable to|wasn't able to|haven't been able to) \(adverbs)(find|locate|see|turn up|come across|dig up|say|tell)\\b(?! (why|the harm|a problem|myself|you how))"
        ),
        Pattern(
            "\\bi('m| am| was|'m afraid i'm) (really |honestly |actually |afraid |sorry )*(not sure|not certain|unsure|not aware|unable to (remember|recall|find|say)|drawing a blank|blanking|at a loss|in the dark)"
        ),
        Pattern(
            "\\bi('ve| have)? ?(got |really |honestly )*(no|zero) (memory|memories|record|records|note|notes|idea|recollection|information|info|trace|clue|details?|way of knowing|knowledge)\\b"
        ),
        Pattern(
            "\\b(you|we) (haven't|have not|hadn't|had not|never|didn't|did not) (yet |actually |ever |really )*(told|tell|mention|mentioned|said|say|share|shared|talked|talk|spoken|speak|discussed|discuss|given|give|saved|save|gave|brought)\\b"
        ),
        Pattern(
            "\\bi (don't|do not) (think|believe) (you|we)('ve| have)? (ever )?(told|mentioned|said|shared|talked|discussed|spoke|gave)\\b"
        ),
        Pattern(
            "\\bnothing\\b.{0,40}\\b(in my (memory|memories|notes)|saved|stored|on record|written down|noted|about (that|it|this)|there|comes? (up|to mind|back)|came (up|to mind|back)|turned up|on (that|it|this))\\b"
        ),
        Pattern(
            "\\bno (record|note|memory|mention|trace|notes|records|memories|entry|entries|information|recollection|idea|clue) (of|about|on|for|in|what|where|when|who|which|how)\\b"
        ),
        Pattern("\\b(come|comes|came|coming|turned|turns) up (empty|blank|with nothing|short)\\b"),
        Pattern("\\b(slipped|slips|escapes|escaped|eludes) (my|me)\\b"),
        Pattern("\\bdr(aw|ew|awing) (a|a total|a complete) blank\\b"),
        Pattern(
            "\\b(isn't|wasn't|not|hasn't been|haven't been) (something (i|that i|you)|anything (i|that i)|stored|saved|in my (memory|notes)|written down|noted|mentioned|told)\\b"
        ),
        Pattern(
            "(^|[.!?,;:] |\\bsorry,? |\\bbut |\\bhonestly,? )(don't|can't|do not|cannot) (remember|recall|know)\\b"),
        Pattern("\\b(doesn't|don't|does not) ring (a|any) bells?\\b"),
        Pattern("\\b(that's|that is|this is) (new to me|news to me|beyond me)\\b"),
        Pattern(
            "\\bi (haven't|have not|hadn't) (got|found|heard|been told|saved|stored|noted|seen|kept|any|learned)\\b"),
        Pattern("\\bi('ve| have|'m afraid i've)? ?(completely |totally |clearly )?(forgot|forgotten)\\b"),
        Pattern("\\bi wish i (knew|remembered|could remember|could recall)\\b"),
        Pattern("\\bi (was|wasn't|was not) (never )?told\\b"),
        Pattern("\\bnot (that|as far as|to) (i|my) (remember|recall|know|knowledge)\\b"),
        Pattern(
            "\\bmy (memory|notes?|memories)\\b.{0,20}\\b(is|are|come|comes|came|has|have|don't|doesn't|show|shows|says|say)\\b.{0,12}\\b(empty|blank|nothing|no|up|have|say|mention)\\b"
        ),
        Pattern("\\bi (only|just) know what you('ve| have)? (told|shared)\\b"),
        Pattern("\\b(unknown to me|beats me|i'm stumped|i've nothing)\\b"),
    ]

    /// An admission that goes on to guess.
    private static let guesses = [
        Pattern(
            "\\b(but|though|although|however),? (i (think|believe|guess|suspect|assume|do (remember|recall))|it (was|is|might|could|may|must|should|sounds)|you (said|told|mentioned)|(it's |it was )?(probably|perhaps|likely|maybe)|maybe|i'd guess|i'm (pretty|fairly) sure)\\b"
        ),
        Pattern("\\bif i (remember|recall) (correctly|right|rightly|well)\\b"),
    ]

    /// A sentence that asks to be told is no claim.
    private static let invitations = [
        Pattern("\\b(if|once|when|unless|until|could|can|please|just) (you )?(tell|remind|told|let|give|say|share)\\b"),
        Pattern("^(tell|remind) me\\b"),
    ]

    private static let claims = [
        Pattern(
            "\\bi (do |definitely |clearly |distinctly |vaguely |certainly )?(remember|recall)\\b(?! (everything|what you tell))"
        ),
        Pattern(
            "\\byou('ve| have| had|'d)? (told|mentioned|said|shared|talked about|were talking about|asked|wanted|planned|decided|chose|picked|ordered|went|met|bought|loved|liked)\\b"
        ),
        Pattern(
            "\\byour [a-z' -]{2,30}? (is|was|are|were)( called| named)? (?!not\\b|safe\\b|important\\b|welcome\\b)"),
        Pattern(
            "\\b(it|that|he|she|they|this) (was|were|is|'s|are) (called|named|on|in|at|from|about|a|an|the|your)\\b"),
        Pattern("\\b(it's|that's|he's|she's) (called|named|on|in|at|from|about|a|an|the|your)\\b"),
        Pattern("\\b(according to|based on) (my|our|what|the|your)\\b"),
        Pattern("\\b(last (time|week|month|year|night)|yesterday|earlier|previously),? (you|we)\\b"),
    ]
}
