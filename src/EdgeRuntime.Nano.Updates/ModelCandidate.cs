using System;
using EdgeInference.ModelFormat;

namespace EdgeInference.Nano.Updates
{
    /// <summary>A file that may become the model in use, checked step by step; the first thing that speaks against it is the outcome.</summary>
    internal sealed class ModelCandidate
    {
        private readonly ModelSource source;
        private readonly UpdatePolicy policy;

        internal ModelCandidate(ModelSource source, UpdatePolicy policy)
        {
            this.source = source;
            this.policy = policy;
            Reason = "";
        }

        /// <summary><see cref="UpdateOutcome.Applied"/> as long as nothing speaks against the model.</summary>
        internal UpdateOutcome Outcome { get; private set; }

        internal string Reason { get; private set; }

        internal ulong Version { get; private set; }

        /// <summary>What the model takes and gives; null before it was loaded.</summary>
        internal ModelExpectation Expectation { get; private set; }

        internal bool IsGood
        {
            get { return Outcome == UpdateOutcome.Applied; }
        }

        internal static string SizeReason(int length, UpdatePolicy policy)
        {
            return "It has " + length.ToString() + " bytes, more than the " + policy.MaxBytes.ToString() + " allowed.";
        }

        /// <summary>Checks what needs no model in RAM: length, CRC and signature.</summary>
        /// <param name="verify">
        /// False for a file whose signature was verified before it was stored: then only the key's name is looked up. Who can write the storage
        /// of a board can replace its program too.
        /// </param>
        internal bool CheckFile(bool verify)
        {
            if (source.Length > policy.MaxBytes)
            {
                return Refuse(UpdateOutcome.NotAModel, SizeReason(source.Length, policy));
            }

            ModelBytes bytes = source.View();
            int length = bytes.Length < FormatLayout.HeaderBytes || bytes.I32(FormatLayout.MagicOffset) != FormatLayout.Magic ? -1 : bytes.I32(FormatLayout.LengthOffset);
            bool isSigned = length >= FormatLayout.HeaderBytes && length < bytes.Length && SignatureBlock.IsBlock(bytes, length);
            if (!isSigned && length != bytes.Length)
            {
                return Refuse(UpdateOutcome.NotAModel, "It is not a whole .edge file.");
            }

            // The engine does it again when it loads the file; here it is done before a model is let go of, and before its signature is worked out.
            if (verify && (uint)bytes.I32(FormatLayout.CrcOffset) != bytes.Crc32(0, length, FormatLayout.CrcOffset))
            {
                return Refuse(UpdateOutcome.NotAModel, "Its CRC-32 does not match, so it is damaged.");
            }

            if (!isSigned)
            {
                return !policy.RequireSignature || Refuse(UpdateOutcome.Unsigned, "It is not signed; sign it with 'edge sign'.");
            }

            Version = (ulong)bytes.I64(length + SignatureBlock.ModelVersionOffset);
            switch (policy.Keys.Check(bytes, length, verify))
            {
                case SignatureStatus.UnknownKey: return Refuse(UpdateOutcome.UnknownKey, "It is signed with a key that is not trusted here.");
                case SignatureStatus.Invalid: return Refuse(UpdateOutcome.InvalidSignature, "It was changed after it was signed.");
                default: return true;
            }
        }

        /// <summary>Refuses a version that is not above the one in use. Between two unsigned models there is no order.</summary>
        internal bool CheckNewer(ulong current)
        {
            return Version > current || (Version == 0 && current == 0)
                || Refuse(UpdateOutcome.NotNewer, "Its version " + Version.ToString() + " is not newer than version " + current.ToString() + " in use.");
        }

        /// <summary>Reads the model and checks the whole file, what the program asks for and the contract of the model in use.</summary>
        /// <param name="expected">What the model in use takes and gives; null where there is none.</param>
        /// <returns>The model, null if it was refused.</returns>
        internal NanoModel Read(ModelExpectation expected)
        {
            try
            {
                NanoModel model = source.Load(policy);
                Expectation = new ModelExpectation(model);
                string reason = ModelExpectation.Refusal(model, policy) ?? (policy.Classifies ? model.File.Decision.Refusal : null);
                if (reason == null && expected != null && !policy.AllowOtherContract)
                {
                    reason = expected.Difference(Expectation, policy.RawValues);
                }

                if (reason == null)
                {
                    return model;
                }

                Refuse(UpdateOutcome.OtherInterface, reason);
            }
            catch (ModelFormatException exception)
            {
                Refuse(UpdateOutcome.NotAModel, exception.Message);
            }
            catch (OutOfMemoryException)
            {
                RefuseMemory();
            }

            return null;
        }

        /// <summary>Reads the model, makes a session of it and runs its self-test.</summary>
        /// <param name="expected">What the model in use takes and gives; null where there is none.</param>
        /// <returns>What the program runs, null if the model was refused.</returns>
        internal ModelInstance Load(ModelExpectation expected)
        {
            NanoModel model = Read(expected);
            if (model == null)
            {
                return null;
            }

            try
            {
                if (policy.RequireSelfTest && SelfTest.Count(model.File, model.InputLength) == 0)
                {
                    Refuse(UpdateOutcome.SelfTestFailed, "It has no self-test vectors.");
                    return null;
                }

                NanoSession session = new NanoSession(model, policy.PackWeights);
                if (!SelfTest.Run(session))
                {
                    Refuse(UpdateOutcome.SelfTestFailed, "It does not reproduce its self-test vectors on this device.");
                    return null;
                }

                return new ModelInstance(session, policy.Classifies ? new Classifier(session) : null, Version);
            }
            catch (OutOfMemoryException)
            {
                RefuseMemory();
                return null;
            }
        }

        private void RefuseMemory()
        {
            Refuse(UpdateOutcome.NotAModel, "There is not enough memory for it" + (policy.UnloadFirst ? "." : " beside the model in use; UpdatePolicy.UnloadFirst lets go of that one first."));
        }

        private bool Refuse(UpdateOutcome outcome, string reason)
        {
            Outcome = outcome;
            Reason = reason;
            return false;
        }
    }
}
