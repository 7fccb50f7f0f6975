using EdgeInference.Runtime;

namespace EdgeInference.Devices;

/// <summary>Where a model of the start lies.</summary>
internal enum ModelPlace
{
    Store,
    Previous,
    Factory,
}

/// <summary>A model that a device can start with.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Place">Where it lies.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Identity">By what the store knows it.</param>
/// <param name="Model">The model, owned by whoever holds the offer.</param>
internal sealed record ModelOffer(string Path, ModelPlace Place, byte[] Bytes, StoredModel Identity, EdgeModel Model);
