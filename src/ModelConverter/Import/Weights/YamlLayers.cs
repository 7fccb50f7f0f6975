using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeInference.ModelFormat;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>The part of YAML that JSON has too: maps, lists, texts, numbers, true, false and null. Anchors and tags are refused, since a few of them can stand for a file without end.</summary>
internal static class YamlLayers
{
    private const int MaxDepth = 32;

    /// <summary>Writes one document as JSON, event by event: a tree of it would be some fifty times as large.</summary>
    /// <exception cref="YamlException">It is not such a document.</exception>
    internal static ReadOnlyMemory<byte> ToJson(TextReader text)
    {
        var parser = new Parser(text);
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        try
        {
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            Write(parser, json, 0);
            parser.Consume<DocumentEnd>();
            parser.Consume<StreamEnd>();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // What the scanner throws where a list or a map is not closed, and for a tag that is no address.
            Mark at = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "a list or a map is not closed, or a tag is not valid", exception);
        }

        json.Flush();
        return bytes.WrittenMemory;
    }

    private static void Write(Parser parser, Utf8JsonWriter json, int depth)
    {
        ParsingEvent current = parser.Current ?? throw new YamlException("the document ends too early");
        if (depth > MaxDepth || current is not NodeEvent { Anchor.IsEmpty: true, Tag.IsEmpty: true })
        {
            throw new YamlException(current.Start, current.End, "anchors, aliases, tags and deep nesting are not supported here");
        }

        if (current is Scalar scalar)
        {
            parser.MoveNext();
            Write(scalar, json);
            return;
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            json.WriteStartArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                Write(parser, json, depth + 1);
            }

            json.WriteEndArray();
            return;
        }

        parser.Consume<MappingStart>();
        json.WriteStartObject();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            Scalar key = parser.Consume<Scalar>();
            if (!keys.Add(key.Value))
            {
                throw new YamlException(key.Start, key.End, $"the key '{key.Value}' appears twice");
            }

            if (keys.Count > FormatLayout.MaxTensors)
            {
                throw new YamlException(key.Start, key.End, $"a map has more than {FormatLayout.MaxTensors} keys");
            }

            json.WritePropertyName(key.Value);
            Write(parser, json, depth + 1);
        }

        json.WriteEndObject();
    }

    // YAML 1.2's core schema.
    private static void Write(Scalar scalar, Utf8JsonWriter json)
    {
        string text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            json.WriteStringValue(text);
        }
        else if (text is "" or "~" or "null")
        {
            json.WriteNullValue();
        }
        else if (text is "true" or "True" or "false" or "False")
        {
            json.WriteBooleanValue(text is "true" or "True");
        }
        else if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer))
        {
            json.WriteNumberValue(integer);
        }
        else if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(text);
        }
    }
}
