using System.Text.Json;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>A tensor that a layer gave: which layer, which of its calls, which of its outputs.</summary>
internal readonly record struct KerasReference(string Layer, int Node, int Tensor)
{
    /// <summary>The references inside a piece of configuration. Every version writes them as [layer, node, tensor], each with other things around it.</summary>
    internal static IEnumerable<KerasReference> In(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            if (element.GetArrayLength() >= 3 && element[0].ValueKind == JsonValueKind.String && element[1].ValueKind == JsonValueKind.Number && element[2].ValueKind == JsonValueKind.Number)
            {
                var own = new KerasReference(element[0].GetString()!, element[1].GetInt32(), element[2].GetInt32());
                return [own, .. element.EnumerateArray().Skip(3).SelectMany(In)];
            }

            return element.EnumerateArray().SelectMany(In);
        }

        return element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().SelectMany(property => In(property.Value)) : [];
    }
}
