using System.Collections;
using System.Reflection;

namespace EdgeInference.Benchmarks.NanoCost;

/// <summary>
/// Bytes that an object and all that it holds take on a 32-bit nanoCLR, counted on the desktop from the same classes: a block of 12
/// bytes for an object and one for each field and each reference of an array; an array has a header of 20 bytes, and its numbers are dense.
/// </summary>
internal static class HeapWalk
{
    private const int Block = 12;
    private const int ArrayHeader = 20;

    internal static long Of(params object[] roots)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>(roots);
        long bytes = 0;
        while (open.TryPop(out object? next))
        {
            if (!seen.Add(next) || next is Delegate or MemberInfo)
            {
                continue;
            }

            bytes += Size(next, open);
        }

        return bytes;
    }

    private static long Size(object item, Stack<object> open)
    {
        switch (item)
        {
            case string text:
                return Rounded(Block + text.Length + 1);
            case Array array when array.GetType().GetElementType()!.IsPrimitive:
                return Rounded(ArrayHeader + Buffer.ByteLength(array));
            case Array array:
                if (!array.GetType().GetElementType()!.IsEnum)
                {
                    Push((IEnumerable)array, open);
                }

                return Rounded(ArrayHeader + ((long)Block * array.Length));
            default:
                List<FieldInfo> fields = Fields(item.GetType());
                Push(fields.Where(field => !field.FieldType.IsPrimitive).Select(field => field.GetValue(item)), open);
                return Block * (1 + fields.Count);
        }
    }

    private static void Push(IEnumerable items, Stack<object> open)
    {
        foreach (object? item in items)
        {
            if (item is not null && !item.GetType().IsPrimitive && !item.GetType().IsEnum)
            {
                open.Push(item);
            }
        }
    }

    private static List<FieldInfo> Fields(Type type)
    {
        var fields = new List<FieldInfo>();
        for (Type? part = type; part is not null && part != typeof(object); part = part.BaseType)
        {
            fields.AddRange(part.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        }

        return fields;
    }

    private static long Rounded(long bytes) => (bytes + Block - 1) / Block * Block;
}
