using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Summaries;

/// <summary>What a part of a model file costs.</summary>
/// <param name="Part">The part, in words.</param>
/// <param name="Bytes">Its bytes, 1 or more.</param>
internal sealed record FilePartSummary(string Part, int Bytes)
{
    private const string Features = "feature names and units";
    private const string Provenance = "provenance";

    /// <summary>The parts that a file has; their bytes add up to the model's length.</summary>
    internal static FilePartSummary[] Of(ModelFile file)
    {
        int features = Record(file, MetadataKey.InputNames) + Record(file, MetadataKey.InputUnits);
        int provenance = Enum.GetValues<MetadataKey>().Where(key => (int)key >= FormatLayout.FirstOptionalKey && key != MetadataKey.InputUnits).Sum(key => Record(file, key));
        int learning = Record(file, MetadataKey.Adaptation);
        List<FilePartSummary> parts =
        [
            new("header and section table", FormatLayout.HeaderBytes + (file.Bytes.U16(FormatLayout.SectionCountOffset) * FormatLayout.SectionEntryBytes)),
            new("tensors", file.SectionLength(FormatLayout.TensorsSection)),
            new("operators", file.SectionLength(FormatLayout.OperatorsSection)),
            new("contract", file.SectionLength(FormatLayout.ContractSection) - features - provenance - learning),
            new("learning heads", learning),
            new(Features, features),
            new(Provenance, provenance),
            new("tensor names", file.SectionLength(FormatLayout.TensorNamesSection)),
            new("self-test vectors", file.SectionLength(FormatLayout.SelfTestSection)),
            .. Constants(file),
        ];
        parts.Add(new FilePartSummary("padding", file.Length - parts.Sum(part => part.Bytes)));
        return [.. parts.Where(part => part.Bytes > 0)];
    }

    private static int Record(ModelFile file, MetadataKey key) =>
        file.Metadata.PayloadOffset(key) < 0 ? 0 : FormatLayout.ContractHeaderBytes + file.Metadata.PayloadLength(key);

    private static IEnumerable<FilePartSummary> Constants(ModelFile file)
    {
        var roles = new Dictionary<int, string>();
        foreach (OperatorRecord record in file.Operators)
        {
            foreach ((int position, TensorInfo? input) in record.Inputs.Index())
            {
                if (input is { Storage: TensorStorage.Constant })
                {
                    roles.TryAdd(input.Index, Role(record.Info.Opcode, position));
                }
            }
        }

        return file.Tensors
            .Where(tensor => tensor.Storage == TensorStorage.Constant)
            .GroupBy(tensor => roles.GetValueOrDefault(tensor.Index, "unused constants"))
            .Select(group => new FilePartSummary(group.Key, group.Sum(tensor => tensor.Bytes)))
            .OrderByDescending(part => part.Bytes);
    }

    private static string Role(Opcode opcode, int position) => (opcode, position) switch
    {
        (Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose, 1) or (Opcode.RNN or Opcode.GRU or Opcode.LSTM, 1 or 2) or (Opcode.MatMul, _) => "weights",
        (Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose, 2) or (Opcode.RNN or Opcode.GRU or Opcode.LSTM, 3) => "biases",
        (Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose, 3 or 4) => "requantization",
        (Opcode.Dense or Opcode.Conv or Opcode.ConvTranspose, 5) or (Opcode.Table or Opcode.Softmax, _) => "tables",
        (Opcode.Quantize, _) => "scaling of inputs",
        (Opcode.TreeEnsemble, _) => "trees",
        _ => "other constants",
    };
}
