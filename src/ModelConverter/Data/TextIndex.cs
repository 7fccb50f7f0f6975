using System.Text;

namespace EdgeInference.ModelConverter.Data;

/// <summary>Different texts in UTF-8, numbered in the order in which they came; in about as many bytes as they have.</summary>
internal sealed class TextIndex
{
    private readonly List<(int Start, int Length, int Line)> texts = [];
    private byte[] bytes = new byte[64];
    private int used;
    private int[] slots = NewSlots(16);

    /// <summary>Number of texts.</summary>
    internal int Count => texts.Count;

    /// <summary>A text.</summary>
    internal string this[int index] => Encoding.UTF8.GetString(Bytes(index));

    /// <summary>The line in which a text came first.</summary>
    internal int Line(int index) => texts[index].Line;

    /// <summary>A text's bytes.</summary>
    internal ReadOnlySpan<byte> Bytes(int index) => bytes.AsSpan(texts[index].Start, texts[index].Length);

    /// <summary>The number of a text, or −1.</summary>
    internal int Find(ReadOnlySpan<byte> text) => slots[Slot(text)];

    /// <summary>The number of a text, a new one if it is new.</summary>
    internal int Add(ReadOnlySpan<byte> text, int line = 0)
    {
        int slot = Slot(text);
        if (slots[slot] >= 0)
        {
            return slots[slot];
        }

        if (used + text.Length > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + text.Length));
        }

        text.CopyTo(bytes.AsSpan(used));
        texts.Add((used, text.Length, line));
        used += text.Length;
        slots[slot] = texts.Count - 1;
        if (texts.Count * 2 > slots.Length)
        {
            slots = NewSlots(slots.Length * 2);
            for (int i = 0; i < texts.Count; i++)
            {
                slots[Slot(Bytes(i))] = i;
            }
        }

        return texts.Count - 1;
    }

    private static int[] NewSlots(int length)
    {
        int[] slots = new int[length];
        Array.Fill(slots, -1);
        return slots;
    }

    private int Slot(ReadOnlySpan<byte> text)
    {
        int mask = slots.Length - 1;
        HashCode hash = default;
        hash.AddBytes(text);
        int slot = hash.ToHashCode() & mask;
        while (slots[slot] >= 0 && !Bytes(slots[slot]).SequenceEqual(text))
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }
}
