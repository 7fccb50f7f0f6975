namespace EdgeInference.Tool.Stress;

/// <summary>
/// Damages a protobuf message as a tree: fields vanish, repeat, move to other messages or get interesting values, and all
/// lengths around them stay right, so that the damage gets past the parser. Encoding: protobuf.dev, "Encoding".
/// </summary>
internal static class ProtobufMutator
{
    // Below this, weights are taken for messages more often than messages for weights.
    private const int MaxDepth = 8;

    internal static byte[] Mutate(byte[] file, Random random)
    {
        if (Parse(file, 0) is not { Count: > 0 } root)
        {
            return ByteMutator.Mutate(file, random);
        }

        for (int changes = 1 + random.Next(3); changes > 0; changes--)
        {
            List<List<Field>> messages = [root];
            for (int i = 0; i < messages.Count; i++)
            {
                messages.AddRange(messages[i].Where(field => field.Message is not null).Select(field => field.Message!));
            }

            List<Field> message = messages[random.Next(messages.Count)];
            if (message.Count > 0)
            {
                Change(message, messages[random.Next(messages.Count)], random);
            }
        }

        return Write(root);
    }

    private static void Change(List<Field> message, List<Field> other, Random random)
    {
        int index = random.Next(message.Count);
        Field field = message[index];
        switch (random.Next(8))
        {
            case 0:
                message.RemoveAt(index);
                break;
            case 1:
                message.Add(Copy(field));
                break;
            case 2:
                other.Add(Copy(field));
                break;
            case 3:
                message[index] = field with { Number = 1 + random.Next(40) };
                break;
            case 4:
                int swapped = random.Next(message.Count);
                (message[index], message[swapped]) = (message[swapped], field);
                break;
            default:
                message[index] = field.Wire == 0
                    ? field with { Value = (ulong)(random.Next(3) == 0 ? (long)field.Value + random.Next(-2, 3) : ByteMutator.Interesting[random.Next(ByteMutator.Interesting.Length)]) }
                    : field with { Bytes = field.Message is null ? Text(field.Bytes, random) : field.Bytes };
                break;
        }
    }

    private static byte[] Text(byte[] bytes, Random random) => random.Next(4) switch
    {
        0 => [],
        1 => [.. bytes, (byte)random.Next(256)],
        2 when bytes.Length > 0 => bytes[..random.Next(bytes.Length)],
        _ => ByteMutator.Mutate(bytes, random),
    };

    private static Field Copy(Field field) => field with { Message = field.Message?.Select(Copy).ToList() };

    private static List<Field>? Parse(ReadOnlySpan<byte> bytes, int depth)
    {
        var fields = new List<Field>();
        while (bytes.Length > 0)
        {
            if (!TryVarint(ref bytes, out ulong key) || key >> 3 is 0 or > 10_000)
            {
                return null;
            }

            int wire = (int)(key & 7);
            ulong value = 0;
            byte[] content = [];
            List<Field>? message = null;
            int fixedLength = wire switch { 1 => 8, 5 => 4, _ => 0 };
            if (wire is 0 or 2 && !TryVarint(ref bytes, out value))
            {
                return null;
            }

            if (wire == 2)
            {
                if (value > (ulong)bytes.Length)
                {
                    return null;
                }

                content = bytes[..(int)value].ToArray();
                message = depth < MaxDepth && content.Length > 0 ? Parse(content, depth + 1) : null;
                bytes = bytes[(int)value..];
            }
            else if (fixedLength > 0)
            {
                if (fixedLength > bytes.Length)
                {
                    return null;
                }

                content = bytes[..fixedLength].ToArray();
                bytes = bytes[fixedLength..];
            }
            else if (wire != 0)
            {
                return null;
            }

            fields.Add(new Field((int)(key >> 3), wire, value, content, message));
        }

        return fields;
    }

    private static bool TryVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 127) << (7 * i);
            if (bytes[i] < 128)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static byte[] Write(List<Field> message)
    {
        var bytes = new List<byte>();
        foreach (Field field in message)
        {
            Varint(bytes, ((ulong)field.Number << 3) | (uint)field.Wire);
            byte[] content = field.Message is null ? field.Bytes : Write(field.Message);
            if (field.Wire is 0 or 2)
            {
                Varint(bytes, field.Wire == 0 ? field.Value : (ulong)content.Length);
            }

            bytes.AddRange(content);
        }

        return [.. bytes];
    }

    private static void Varint(List<byte> bytes, ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        bytes.Add((byte)value);
    }

    private sealed record Field(int Number, int Wire, ulong Value, byte[] Bytes, List<Field>? Message);
}
