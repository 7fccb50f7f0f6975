using EdgeInference.Nano;

namespace EdgeInference.ModelFormat
{
    /// <content>What the contract says about decisions, read again whenever it is asked for.</content>
    internal sealed partial class ModelTables
    {
        private byte[] roles;

        /// <summary>Keeps of what the contract says about decisions what cannot be read again.</summary>
        public void Keep(DecisionMetadata metadata)
        {
            roles = metadata.Roles;
        }

        /// <summary>What the contract says about decisions; an object of its own at each call.</summary>
        public DecisionMetadata Decision(ModelMetadata metadata, TensorInfo[] inputs, TensorInfo[] outputs)
        {
            return new DecisionMetadata(bytes, metadata, roles, NanoModel.Elements(inputs), NanoModel.Elements(outputs));
        }
    }
}
