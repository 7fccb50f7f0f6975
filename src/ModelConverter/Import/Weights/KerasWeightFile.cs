using EdgeInference.ModelConverter.Import.Keras;
using PureHDF;

namespace EdgeInference.ModelConverter.Import.Weights;

/// <summary>
/// A file of Keras weights without a model, as <c>model.save_weights</c> writes it: Keras 3 numbers the weights of each layer
/// (layers/dense/vars/0), Keras 2 names them (dense/dense/kernel:0). Here they have the names that a layer file uses:
/// <c>dense.weight</c>, <c>dense.bias</c>, <c>bn.running_mean</c>.
/// </summary>
internal sealed class KerasWeightFile : WeightFile
{
    // Links of a damaged file can lead in circles.
    private const int MaxDepth = 16;
    private const int MaxGroups = 10_000;

    private static readonly string[][] numbered = [[], ["weight"], ["weight", "bias"], ["0", "1", "2"], ["weight", "bias", "running_mean", "running_var"]];

    private static readonly Dictionary<string, string> roles = new(StringComparer.Ordinal)
    {
        ["kernel"] = "weight",
        ["gamma"] = "weight",
        ["embeddings"] = "weight",
        ["alpha"] = "weight",
        ["bias"] = "bias",
        ["beta"] = "bias",
        ["moving_mean"] = "running_mean",
        ["moving_variance"] = "running_var",
    };

    private readonly Dictionary<string, KerasTensor> tensors = new(StringComparer.Ordinal);
    private int groups;

    /// <summary>Reads all weights.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    internal KerasWeightFile(byte[] bytes, string path)
        : base(path)
    {
        try
        {
            var stream = new GuardedStream(bytes);
            using var file = H5File.Open(stream);
            var reader = new KerasArchiveWeights(file, stream);
            if (file.LinkExists("layers"))
            {
                Numbered(file.Group("layers"), "", reader, 0);
            }
            else
            {
                Named(file.LinkExists("model_weights") ? file.Group("model_weights") : file, reader);
            }
        }
        catch (Exception exception) when (exception is not InputException)
        {
            // The HDF5 reader has no exception type of its own for damaged files.
            throw new InputException($"'{path}' cannot be read as a file of Keras weights: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}; save it again with model.save_weights.", exception);
        }
    }

    internal override IReadOnlyCollection<string> Names => tensors.Keys;

    /// <summary>Whether a file holds a model beside the weights.</summary>
    internal static bool HasModel(byte[] bytes)
    {
        try
        {
            using var file = H5File.Open(new GuardedStream(bytes));
            return file.AttributeExists("model_config");
        }
        catch (Exception exception) when (exception is not InputException)
        {
            // Whoever reads it in earnest says what is wrong with it.
            return false;
        }
    }

    protected override (int[] Shape, float[] Data) ReadTensor(string name)
    {
        KerasTensor tensor = tensors[name];
        return tensor.Data.Length > 0 && !tensor.IsInt8
            ? (tensor.Shape, tensor.Data)
            : throw new InputException($"'{Path}': tensor '{name}' does not hold real numbers; save the weights before model.quantize.");
    }

    private void Numbered(IH5Group group, string path, KerasArchiveWeights reader, int depth)
    {
        if (depth > MaxDepth || ++groups > MaxGroups)
        {
            throw new InvalidDataException("its groups form a cycle or are nested too deep");
        }

        if (group.LinkExists("vars"))
        {
            IH5Group vars = group.Group("vars");
            int count = 0;
            while (vars.LinkExists($"{count}"))
            {
                count++;
            }

            for (int i = 0; i < count; i++)
            {
                string role = count < numbered.Length ? numbered[count][i] : $"{i}";
                Add($"{path}.{role}", reader.Read(vars.Dataset($"{i}")));
            }
        }

        foreach (IH5Object child in group.Children())
        {
            // What random layers keep is no weight.
            if (child is IH5Group inner && child.Name is not ("vars" or "seed_generator"))
            {
                string name = child.Name == "layers" ? path : path.Length == 0 ? child.Name : $"{path}/{child.Name}";
                Numbered(inner, name, reader, depth + 1);
            }
        }
    }

    private void Named(IH5Group root, KerasArchiveWeights reader)
    {
        foreach (IH5Group layer in root.Children().OfType<IH5Group>().Where(group => group.AttributeExists("weight_names")))
        {
            string[] names = layer.Attribute("weight_names").Read<string[]>();

            // A model inside the model has several of a kind, which keep their whole names.
            bool several = names.Select(Last).Distinct().Count() < names.Length;
            foreach (string name in names)
            {
                Add($"{layer.Name}.{(several ? name : roles.GetValueOrDefault(Last(name), Last(name)))}", reader.Read(layer.Dataset(name)));
            }
        }
    }

    private static string Last(string name) => name.Split('/')[^1].Split(':')[0];

    private void Add(string name, KerasTensor tensor)
    {
        if (!tensors.TryAdd(name, tensor))
        {
            throw new InvalidDataException($"two of its weights are '{name}'");
        }
    }
}
