using EdgeInference.ModelFormat;

namespace Fuzz;

/// <summary>The interface and metadata of a file of version 1, as the contract of version 2.</summary>
internal sealed class LiftedMetadata
{
    // Keys of version 1 with what they are now.
    private static readonly Dictionary<int, MetadataKey> Keys = new()
    {
        [1] = MetadataKey.Name,
        [2] = MetadataKey.Labels,
        [3] = MetadataKey.Threshold,
        [4] = MetadataKey.InputNames,
        [5] = MetadataKey.SourceHash,
        [6] = MetadataKey.Producer,
        [7] = MetadataKey.Calibration,
        [8] = MetadataKey.InputStatistics,
        [9] = MetadataKey.AbstainBand,
        [14] = MetadataKey.InputLimits,
        [16] = MetadataKey.MissingValues,
    };

    private const int SelfTestInputs = 10;
    private const int SelfTestOutputs = 11;
    private const int Names = 12;
    private const int Precision = 13;
    private const int Roles = 15;
    private const int FirstUnknown = 200;
    private const int NoTensor = 65534;

    private readonly List<(int Key, int Kind, byte[] Payload)> records = [];
    private readonly bool broken;

    internal LiftedMetadata(byte[] data)
    {
        for (int at = 0; at < data.Length;)
        {
            int length = data.Length - at >= 8 ? FormatLifter.I32(data, at + 4) : -1;
            int next = length < 0 || length > data.Length - at - 8 ? -1 : at + 8 + ((length + 3) & ~3);
            if (next < 0 || next > data.Length)
            {
                broken = true;
                break;
            }

            records.Add((FormatLifter.U16(data, at), FormatLifter.U16(data, at + 2), data[(at + 8)..(at + 8 + length)]));
            at = next;
        }
    }

    /// <summary>The contract section.</summary>
    /// <param name="ports">The interface section.</param>
    /// <param name="tensorCount">Number of tensors.</param>
    /// <param name="inputElements">Elements of all inputs, which names are for.</param>
    internal byte[] Contract(byte[] ports, int tensorCount, long inputElements)
    {
        var lifted = new List<(int Key, byte[] Payload)>();
        int position = 0;
        byte[] inputs = Ports(ports, ref position, tensorCount, null);
        byte[] outputs = Ports(ports, ref position, tensorCount, records.FirstOrDefault(record => record.Key == Roles).Payload);
        lifted.Add(((int)MetadataKey.Inputs, inputs));
        lifted.Add(((int)MetadataKey.Outputs, position == ports.Length || position < 0 ? outputs : [.. outputs, 0]));
        foreach ((int key, int kind, byte[] payload) in records)
        {
            if (Keys.TryGetValue(key, out MetadataKey now) && Payload(now, kind, payload, inputElements) is { } bytes)
            {
                lifted.Add(((int)now, bytes));
            }
            else if (!Keys.ContainsKey(key) && key is not (SelfTestInputs or SelfTestOutputs or Names or Roles or Precision))
            {
                lifted.Add(Unknown(key, kind, payload));
            }
        }

        using var stream = new MemoryStream();
        foreach ((int key, byte[] payload) in lifted.OrderBy(record => record.Key))
        {
            stream.WriteByte((byte)key);
            FormatLifter.WriteShort(stream, payload.Length);
            stream.WriteByte((byte)(payload.Length >> 16));
            stream.Write(payload);
        }

        if (broken)
        {
            stream.Write([(byte)MetadataKey.TrainingRows, 255, 255, 255]);
        }

        return stream.ToArray();
    }

    /// <summary>The section of tensor names, or null.</summary>
    internal byte[]? TensorNames(int tensorCount)
    {
        byte[]? list = records.FirstOrDefault(record => record.Key == Names && record.Kind == 2).Payload;
        return list is null || Texts(list, out int count) is not { } texts || count != tensorCount ? null : texts;
    }

    /// <summary>The section of self-test vectors, or null.</summary>
    internal byte[]? SelfTest()
    {
        byte[]? inputs = records.FirstOrDefault(record => record.Key == SelfTestInputs).Payload;
        byte[]? outputs = records.FirstOrDefault(record => record.Key == SelfTestOutputs).Payload;
        return inputs is null && outputs is null ? null : [.. inputs ?? [], .. outputs ?? []];
    }

    // A reader of version 1 skipped such a record after it had checked its form.
    private (int Key, byte[] Payload) Unknown(int key, int kind, byte[] payload) => kind switch
    {
        3 when payload.Length % 4 != 0 => ((int)MetadataKey.AbstainBand, payload),
        2 when Texts(payload, out _) is null => ((int)MetadataKey.InputUnits, [5]),
        _ => (FirstUnknown + Math.Min(50, records.Select(record => record.Key).Distinct().ToList().IndexOf(key)), payload),
    };

    // Null where the record said nothing to a reader of version 1.
    private static byte[]? Payload(MetadataKey key, int kind, byte[] payload, long inputElements)
    {
        switch (key)
        {
            case MetadataKey.Labels or MetadataKey.InputNames:
                if (kind != 2)
                {
                    return null;
                }

                byte[]? texts = Texts(payload, out int count);
                bool fits = key == MetadataKey.Labels || count == 0 || inputElements % Math.Max(1, count) == 0;
                return texts is null ? [5] : fits ? texts : null;
            case MetadataKey.Name or MetadataKey.Producer:
                return kind == 1 ? payload : null;
            case MetadataKey.SourceHash:
                return payload.Length == 32 ? payload : null;
            case MetadataKey.MissingValues:
                return [];
            default:
                return kind == 3 ? payload : [];
        }
    }

    private static byte[] Ports(byte[] data, ref int position, int tensorCount, byte[]? roles)
    {
        bool output = position != 0;
        int count = position >= 0 && data.Length - position >= 4 ? FormatLifter.I32(data, position) : -1;
        if (count < 1 || count > (data.Length - position - 4) / 4)
        {
            position = -1;
            return [];
        }

        using var stream = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            int index = FormatLifter.I32(data, position + 4 + (i * 4));
            FormatLifter.WriteShort(stream, index >= 0 && index < tensorCount ? index : NoTensor);
            if (output)
            {
                stream.WriteByte(roles is null ? (byte)OutputRole.Probability : roles.Length == count ? roles[i] : (byte)200);
            }

            stream.WriteByte(0);
        }

        position += 4 + (count * 4);
        return stream.ToArray();
    }

    // Null where the list does not fit its record.
    private static byte[]? Texts(byte[] list, out int count)
    {
        count = list.Length >= 4 ? FormatLifter.I32(list, 0) : -1;
        if (count < 0 || count > (list.Length - 4) / 4)
        {
            return null;
        }

        using var stream = new MemoryStream();
        int position = 4;
        for (int i = 0; i < count; i++)
        {
            int size = list.Length - position >= 4 ? FormatLifter.I32(list, position) : -1;
            if (size < 0 || size > Math.Min(TextList.MaxBytes, list.Length - position - 4))
            {
                return null;
            }

            FormatLifter.WriteText(stream, list.AsSpan(position + 4, size));
            position += 4 + size;
        }

        return position == list.Length ? stream.ToArray() : null;
    }
}
