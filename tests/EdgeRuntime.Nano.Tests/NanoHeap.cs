using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeInference.Nano.Tests;

/// <summary>
/// What objects take of nanoFramework's heap on 32 bits: blocks of 12 bytes, one for an object and one for each of its fields; an array's
/// header of 20 bytes and its elements, references being blocks. docs/esp32.md says how a real heap is measured.
/// </summary>
internal sealed class NanoHeap
{
    private const int Block = 12;
    private const int ArrayHeader = 20;
    private readonly HashSet<object> seen = new(ReferenceEqualityComparer.Instance);

    /// <param name="root">What a program holds.</param>
    /// <param name="others">What does not count: the file.</param>
    internal NanoHeap(object root, params object[] others)
    {
        seen.UnionWith(others);
        Walk(root);
    }

    /// <summary>Bytes of all objects.</summary>
    internal int Bytes { get; private set; }

    /// <summary>The objects by the names of their types.</summary>
    internal Dictionary<string, int> Counts { get; } = [];

    private void Walk(object? item)
    {
        if (item is null || !seen.Add(item))
        {
            return;
        }

        Type type = item.GetType();
        Counts[type.Name] = Counts.GetValueOrDefault(type.Name) + 1;
        if (item is Array array)
        {
            Type element = type.GetElementType()!;
            Bytes += Round(ArrayHeader + (array.Length * SizeOf(element)));
            if (!element.IsPrimitive)
            {
                foreach (object? part in array)
                {
                    Walk(part);
                }
            }

            return;
        }

        FieldInfo[] fields = [.. Fields(type)];
        Bytes += Block * (1 + fields.Length);
        foreach (FieldInfo field in fields.Where(field => !field.FieldType.IsPrimitive && !field.FieldType.IsEnum && field.FieldType != typeof(string) && !typeof(Delegate).IsAssignableFrom(field.FieldType)))
        {
            Walk(field.GetValue(item));
        }
    }

    private static IEnumerable<FieldInfo> Fields(Type? type) =>
        type is null ? [] : [.. type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly), .. Fields(type.BaseType)];

    private static int Round(int bytes) => (bytes + Block - 1) / Block * Block;

    private static int SizeOf(Type element) => !element.IsPrimitive ? Block : element == typeof(bool) ? 1 : Marshal.SizeOf(element);
}
