using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>The part of YAML that JSON has too: maps, lists, texts, numbers, true, false and null. Anchors and tags are refused, since a few of them can stand for a file without end.</summary>
internal static class YamlLayers
{
    private const int MaxDepth = 32;

    /// <summary>Parses one document.</summary>
    /// <exception cref="YamlException">It is not such a document.</exception>
    internal static JsonNode? Parse(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            JsonNode? node = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            parser.Consume<StreamEnd>();
            return node;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // What the scanner throws where a list or a map is not closed, and for a tag that is no address.
            Mark at = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "a list or a map is not closed, or a tag is not valid", exception);
        }
    }

    private static JsonNode? Node(Parser parser, int depth)
    {
        ParsingEvent current = parser.Current ?? throw new YamlException("the document ends too early");
        if (depth > MaxDepth || current is not NodeEvent { Anchor.IsEmpty: true, Tag.IsEmpty: true })
        {
            throw new YamlException(current.Start, current.End, "anchors, aliases, tags and deep nesting are not supported here");
        }

        if (current is Scalar scalar)
        {
            parser.MoveNext();
            return scalar.Style == ScalarStyle.Plain ? Plain(scalar.Value) : JsonValue.Create(scalar.Value);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Node(parser, depth + 1));
            }

            return list;
        }

        parser.Consume<MappingStart>();
        var map = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar key = parser.Consume<Scalar>();
            if (!map.TryAdd(key.Value, Node(parser, depth + 1)))
            {
                throw new YamlException(key.Start, key.End, $"the key '{key.Value}' appears twice");
            }
        }

        return map;
    }

    // YAML 1.2's core schema.
    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" or "True" => JsonValue.Create(true),
        "false" or "False" => JsonValue.Create(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer) => JsonValue.Create(integer),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
