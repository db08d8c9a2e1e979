import Inference
import JSON
import Tokenization

enum Fixtures {
    static let specials = ["<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>"]

    /// One token a byte, and the special tokens after them.
    static let tokenizer: Tokenizer = {
        do { return try Tokenizer(tokenizerJSON: tokenizerJSON, configuration: ["eos_token": "<|im_end|>"]) } catch {
            preconditionFailure("the test tokenizer is broken: \(error)")
        }
    }()

    static let template: ChatTemplate = {
        do { return try ChatTemplate(source: templateSource) } catch {
            preconditionFailure("the test template is broken: \(error)")
        }
    }()

    static let model = ServedModel(
        tokenizer: tokenizer, chatTemplate: template, contextLength: 512, vocabularySize: 256 + specials.count,
        endTokens: [257], architecture: "LlamaForCausalLM")

    static let modelWithoutTokenizer = ServedModel(
        tokenizer: nil, chatTemplate: nil, contextLength: 512, vocabularySize: 300, architecture: "LlamaForCausalLM")

    private static let templateSource = """
        {%- if tools %}{{- '<|im_start|>tools\\n' }}{%- for tool in tools %}{{- (tool | tojson) ~ '\\n' }}\
        {%- endfor %}{{- '<|im_end|>\\n' }}{%- endif %}\
        {%- for message in messages %}\
        {%- if message.role not in ['system', 'user', 'assistant', 'tool'] %}\
        {{- raise_exception('Unexpected message role.') }}{%- endif %}\
        {{- '<|im_start|>' ~ message.role ~ '\\n' }}\
        {%- if message.reasoning_content %}{{- '<think>\\n' ~ message.reasoning_content ~ '\\n</think>\\n\\n' }}\
        {%- endif %}{{- message.content }}\
        {%- for call in message.tool_calls or [] %}\
        {{- '<tool_call>' ~ call.function.name ~ (call.function.arguments | tojson) ~ '</tool_call>' }}{%- endfor %}\
        {{- '<|im_end|>\\n' }}{%- endfor %}\
        {%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}\
        {%- if enable_thinking %}{{- '<think>\\n' }}{%- endif %}{%- endif %}
        """

    private static let tokenizerJSON: JSONValue = [
        "version": "1.0",
        "added_tokens": .array(
            specials.enumerated().map { position, text in
                [
                    "id": .integer(256 + position), "content": .string(text), "single_word": false, "lstrip": false,
                    "rstrip": false, "normalized": false, "special": true,
                ]
            }),
        "normalizer": .null,
        "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false],
        "post_processor": .null,
        "decoder": ["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true],
        "model": ["type": "BPE", "vocab": .object(JSONObject(alphabet)), "merges": []],
    ]

    /// GPT-2's printable stand-ins for the 256 bytes.
    private static var alphabet: [(String, JSONValue)] {
        var next: UInt32 = 256
        return (0..<256).map { (byte: UInt32) in
            let isPrintable = (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
            defer { if !isPrintable { next += 1 } }
            let scalar = Unicode.Scalar(isPrintable ? byte : next) ?? "?"
            return (String(Character(scalar)), .integer(Int(byte)))
        }
    }
}
