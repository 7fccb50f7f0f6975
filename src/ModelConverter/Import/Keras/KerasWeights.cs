using System.Runtime.InteropServices;
using PureHDF;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>Where a layer's weights are.</summary>
/// <param name="Path">Groups of <c>model.weights.h5</c>: <c>layers/</c> and the class's name, numbered where it repeats.</param>
/// <param name="Group">The group of a whole-model <c>.h5</c> file: the name of the outermost layer.</param>
/// <param name="Inner">The name of the layer itself where it is inside another, else an empty text.</param>
internal sealed record KerasWeightPath(string Path, string Group, string Inner);

/// <summary>The weights in a Keras file. The two kinds of file name them in different ways.</summary>
internal abstract class KerasWeights(GuardedStream file)
{
    // A constant of the format is at most this large.
    private const long MaxElements = EdgeInference.ModelFormat.FormatLayout.MaxArenaBytes / sizeof(float);

    /// <summary>The weights of a layer, in the order in which Keras creates them; those that are not real numbers have no data.</summary>
    /// <param name="path">The layer.</param>
    /// <param name="child">The object inside the layer that owns them, such as <c>cell</c>, or an empty text.</param>
    internal abstract KerasTensor[] Of(KerasWeightPath path, string child);

    /// <summary>Reads a dataset of float16, float32, float64 or int8.</summary>
    internal KerasTensor Read(IH5Dataset dataset)
    {
        long elements = 1;
        foreach (ulong size in dataset.Space.Dimensions)
        {
            // Keras does not compress: a dataset larger than its file is damage, or made to fill the memory.
            if (size > (ulong)MaxElements || (elements *= (long)size) > MaxElements || elements * dataset.Type.Size > file.Length)
            {
                throw new InvalidDataException($"the weights '{dataset.Name}' declare the shape [{string.Join(", ", dataset.Space.Dimensions)}], but the file is too short for it");
            }
        }

        int[] shape = Array.ConvertAll(dataset.Space.Dimensions, size => (int)size);
        if (dataset.Type.Class == H5DataTypeClass.FixedPoint && dataset.Type is { Size: 1, FixedPoint.IsSigned: true })
        {
            return new KerasTensor(shape, Array.ConvertAll(Elements<sbyte>(dataset), value => (float)value), IsInt8: true);
        }

        if (dataset.Type.Class != H5DataTypeClass.FloatingPoint)
        {
            return new KerasTensor(shape, []);
        }

        float[] data = dataset.Type.Size switch
        {
            sizeof(float) => Elements<float>(dataset),
            sizeof(double) => Array.ConvertAll(Elements<double>(dataset), value => (float)value),
            2 => Array.ConvertAll(Elements<Half>(dataset), value => (float)value),
            _ => throw new InvalidDataException($"the weights '{dataset.Name}' have elements of {dataset.Type.Size} bytes"),
        };
        return new KerasTensor(shape, data);
    }

    // HDF5 lets the elements of a dataset be in any other file, which a model from elsewhere must not name: the last that was
    // read of this one must be the last of the elements.
    private T[] Elements<T>(IH5Dataset dataset)
        where T : unmanaged
    {
        if (dataset.Layout.Class == H5DataLayoutClass.VirtualStorage)
        {
            throw new InvalidDataException($"the elements of the weights '{dataset.Name}' are outside the file");
        }

        T[] elements = dataset.Read<T[]>();
        if (dataset.Layout.Class == H5DataLayoutClass.Contiguous)
        {
            ReadOnlySpan<byte> last = file.LastRead;
            ReadOnlySpan<byte> all = MemoryMarshal.AsBytes<T>(elements);
            int common = Math.Min(last.Length, all.Length);
            if (common == 0 || !last[^common..].SequenceEqual(all[^common..]))
            {
                throw new InvalidDataException($"the elements of the weights '{dataset.Name}' are outside the file");
            }
        }

        return elements;
    }
}

/// <summary>Weights of a whole-model <c>.h5</c> file: a group for each layer, which lists its weights in attributes.</summary>
internal sealed class KerasModelFileWeights(IH5Group root, GuardedStream file) : KerasWeights(file)
{
    internal override KerasTensor[] Of(KerasWeightPath path, string child)
    {
        if (!root.LinkExists(path.Group))
        {
            return [];
        }

        IH5Group group = root.Group(path.Group);
        IEnumerable<string> names = Names(group);
        if (path.Inner.Length > 0)
        {
            names = names.Where(name => name.Split('/').Contains(path.Inner, StringComparer.Ordinal));
        }

        string[] chosen = [.. names];
        if (child.StartsWith("forward_layer", StringComparison.Ordinal))
        {
            chosen = chosen[..(chosen.Length / 2)];
        }
        else if (child.StartsWith("backward_layer", StringComparison.Ordinal))
        {
            chosen = chosen[(chosen.Length / 2)..];
        }

        return Array.ConvertAll(chosen, name => Read(group.Dataset(name)));
    }

    // An attribute holds 64 KiB at most; Keras then numbers several.
    private static IEnumerable<string> Names(IH5Group group)
    {
        if (group.AttributeExists("weight_names"))
        {
            return group.Attribute("weight_names").Read<string[]>();
        }

        var names = new List<string>();
        for (int part = 0; group.AttributeExists($"weight_names{part}"); part++)
        {
            names.AddRange(group.Attribute($"weight_names{part}").Read<string[]>());
        }

        return names;
    }
}

/// <summary>Weights of a <c>.keras</c> archive's <c>model.weights.h5</c>: numbered datasets in a group <c>vars</c> of each object.</summary>
internal sealed class KerasArchiveWeights(IH5Group root, GuardedStream file) : KerasWeights(file)
{
    // TensorFlow 2.13 to 2.15 kept the layers under another name.
    private const string OlderLayers = "_layer_checkpoint_dependencies";

    internal override KerasTensor[] Of(KerasWeightPath path, string child)
    {
        string full = path.Path + (child.Length > 0 ? "/" + child : "") + "/vars";
        IH5Group? group = Find(full) ?? Find(full.Replace("layers", OlderLayers, StringComparison.Ordinal));
        var tensors = new List<KerasTensor>();
        for (int i = 0; group is not null && group.LinkExists($"{i}"); i++)
        {
            tensors.Add(Read(group.Dataset($"{i}")));
        }

        return [.. tensors];
    }

    private IH5Group? Find(string path)
    {
        IH5Group group = root;
        foreach (string part in path.Split('/'))
        {
            if (!group.LinkExists(part))
            {
                return null;
            }

            group = group.Group(part);
        }

        return group;
    }
}
